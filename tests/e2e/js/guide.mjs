// The cross-account guide with the AWS SDK for JavaScript v3. Reads what it needs as JSON from standard input, writes what
// it saw as JSON to standard output; test_guide_js.py judges.
import {
  CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, DeleteUserPolicyCommand, IAMClient, PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { readFileSync } from "node:fs";

const world = JSON.parse(readFileSync(0, "utf8"));
const settings = (credentials) => ({ endpoint: world.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
const iam = (credentials) => new IAMClient(settings(credentials));
const sts = (credentials) => new STSClient(settings(credentials));
const s3 = (credentials) => new S3Client({ ...settings(credentials), forcePathStyle: true });

const refusal = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return { status: error.$metadata?.httpStatusCode, code: error.name, message: error.message };
  }
  return { status: 200, code: "", message: "this should have been refused" };
};

const UserName = "crossAccountUser";
const RoleName = "CrossAccountAccessRole";
const role = (name) => `arn:aws:iam::222222222222:role/${name}`;

await iam(world.a).send(new CreateUserCommand({ UserName }));
await iam(world.a).send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument: world.userPolicy }));
const { AccessKey } = await iam(world.a).send(new CreateAccessKeyCommand({ UserName }));
const user = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };

await s3(world.b).send(new CreateBucketCommand({ Bucket: "js-guide-bucket" }));
await iam(world.b).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: world.trust }));
await iam(world.b).send(
  new PutRolePolicyCommand({ RoleName, PolicyName: "S3ReadPolicy", PolicyDocument: world.rolePolicy }));
await iam(world.b).send(new CreateRoleCommand({ RoleName: "NoTrust", AssumeRolePolicyDocument: world.elsewhere }));
await iam(world.b).send(new CreateRoleCommand({ RoleName: "Partner", AssumeRolePolicyDocument: world.partner }));

const assume = (name, more) =>
  sts(user).send(new AssumeRoleCommand({ RoleArn: role(name), RoleSessionName: "dev-session", ...more }));

const { Credentials } = await assume(RoleName);
const session = {
  accessKeyId: Credentials.AccessKeyId,
  secretAccessKey: Credentials.SecretAccessKey,
  sessionToken: Credentials.SessionToken,
};
const seen = {
  session: (await sts(session).send(new GetCallerIdentityCommand({}))).Arn,
  buckets: (await s3(session).send(new ListBucketsCommand({}))).Buckets.map((bucket) => bucket.Name),
  noTrust: await refusal(assume("NoTrust")),
  wrongExternalId: await refusal(assume("Partner", { ExternalId: "contract-0815" })),
  notGiven: await refusal(s3(session).send(new CreateBucketCommand({ Bucket: "js-not-given" }))),
};
await assume("Partner", { ExternalId: "contract-4711" });
await iam(world.a).send(new DeleteUserPolicyCommand({ UserName, PolicyName: "p" }));
seen.noPermission = await refusal(assume(RoleName));
console.log(JSON.stringify(seen));
