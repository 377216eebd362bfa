// Access with the AWS SDK for JavaScript v3: its own credential providers and exceptions. `node access.mjs STEP` prints what it
// saw as lines NAME=VALUE; test_sdks.py gives it its environment, and judges.
import { CreateUserCommand, GetRoleCommand, IAMClient, EntityAlreadyExistsException, NoSuchEntityException } from "@aws-sdk/client-iam";
import { BucketAlreadyExists, CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  ExpiredTokenException, GetCallerIdentityCommand, InvalidIdentityTokenException, MalformedPolicyDocumentException, STSClient,
} from "@aws-sdk/client-sts";
import { fromNodeProviderChain, fromTemporaryCredentials, fromTokenFile } from "@aws-sdk/credential-providers";

const { PARTNER, EXTERNAL_ID, NEXT, GUARDED, MFA_SERIAL, MFA_CODE, SELF, BUCKET } = process.env;

const say = (name, value) => console.log(`${name}=${value}`);

/** With which code and message something was refused. */
const refused = async (name, doing) => {
  try {
    await doing();
    say(name, "not refused");
  } catch (error) {
    say(name, `${error.name}: ${error.message}`);
  }
};

/** Whether an exception is of the class that the SDK promises; the exception. */
const typed = async (name, wanted, doing) => {
  try {
    await doing();
    say(name, "not refused");
  } catch (error) {
    say(name, error instanceof wanted ? wanted.name : `${error.constructor.name}: ${error}`);
    return error;
  }
};

const assume = (role, RoleSessionName, more, masterCredentials) =>
  fromTemporaryCredentials({ params: { RoleArn: role, RoleSessionName, ...more }, masterCredentials });

const whoami = async (credentials) => (await new STSClient({ credentials }).send(new GetCallerIdentityCommand({}))).Arn;

const buckets = async (credentials) => {
  const { Buckets } = await new S3Client({ credentials }).send(new ListBucketsCommand({}));
  return Buckets.map((bucket) => bucket.Name).join(" ");
};

const contract = { ExternalId: EXTERNAL_ID };

const steps = {
  "external-id": async () => {
    const session = assume(PARTNER, "sdk", contract);
    say("arn", await whoami(session));
    say("buckets", await buckets(session));
    await refused("without", assume(PARTNER, "sdk"));
    await refused("wrong", assume(PARTNER, "sdk", { ExternalId: "another" }));
  },

  chain: async () => {
    const first = assume(PARTNER, "sdk", contract);
    say("arn", await whoami(assume(NEXT, "hop", {}, first)));
    say("one-hour", await whoami(assume(NEXT, "hour", { DurationSeconds: 3600 }, first)));
    await refused("two-hours", assume(NEXT, "hop", { DurationSeconds: 7200 }, first));
  },

  // There are no keys: the SDK's default chain finds AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE.
  "web-identity": async () => {
    say("arn", await whoami(fromNodeProviderChain()));
    say("buckets", await buckets());
    const from = (webIdentityTokenFile) => fromTokenFile({ webIdentityTokenFile });
    await typed("expired", ExpiredTokenException, from(process.env.EXPIRED_TOKEN_FILE));
    await typed("foreign", InvalidIdentityTokenException, from(process.env.FOREIGN_TOKEN_FILE));
  },

  // There is a profile with role_arn, source_profile and external_id, and no variables.
  profile: async () => {
    say("arn", await whoami());
    say("buckets", await buckets());
  },

  mfa: async () => {
    const coded = () => fromTemporaryCredentials({
      params: { RoleArn: GUARDED, RoleSessionName: "sdk", SerialNumber: MFA_SERIAL },
      mfaCodeProvider: async (serial) => (serial === MFA_SERIAL ? MFA_CODE : ""),
    });
    say("arn", await whoami(coded()));
    await refused("again", coded());
    await refused("without", assume(GUARDED, "sdk"));
  },

  // A session is kept while it is good, and gotten anew near its end, which is near since the server's clock is behind.
  refresh: async () => {
    const user = async (DurationSeconds) => {
      const client = new STSClient({ credentials: assume(PARTNER, "sdk", { ...contract, DurationSeconds }) });
      return async () => {
        await client.send(new GetCallerIdentityCommand({}));
        return (await client.config.credentials()).accessKeyId;
      };
    };
    const kept = await user(3600);
    say("first", await kept());
    say("kept", await kept());
    const refreshed = await user(900);
    say("before", await refreshed());
    say("after", await refreshed());
  },

  errors: async () => {
    const iam = new IAMClient();
    const error = await typed("no-such-role", NoSuchEntityException, () => iam.send(new GetRoleCommand({ RoleName: "nobody" })));
    say("status", error.$metadata.httpStatusCode);
    say("request-id", error.$metadata.requestId);
    await typed("taken-name", EntityAlreadyExistsException, () => iam.send(new CreateUserCommand({ UserName: SELF })));
    await typed("session-policy", MalformedPolicyDocumentException, assume(PARTNER, "sdk", { ...contract, Policy: "{}" }));
    await typed("taken-bucket", BucketAlreadyExists, () => new S3Client().send(new CreateBucketCommand({ Bucket: BUCKET })));
  },
};

await steps[process.argv[2]]();
