// A program as it runs on an instance or in a container: the SDK for JavaScript v3 finds its credentials by itself. For each
// line on standard input it moves its clock by so many milliseconds and prints who it is now and with which key;
// test_workloads.py judges. With ROLE_TO_ASSUME it becomes that role, too.
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createInterface } from "node:readline";

let offset = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    parts.length > 0 ? super(...parts) : super(RealDate.now() + offset);
  }
  static now() {
    return RealDate.now() + offset;
  }
};

const sts = new STSClient({ maxAttempts: 1 });
for await (const line of createInterface({ input: process.stdin })) {
  offset += Number(line);
  const seen = {};
  try {
    seen.arn = (await sts.send(new GetCallerIdentityCommand({}))).Arn;
    seen.key = (await sts.config.credentials()).accessKeyId;
    if (process.env.ROLE_TO_ASSUME) {
      const assumed = await sts.send(
        new AssumeRoleCommand({ RoleArn: process.env.ROLE_TO_ASSUME, RoleSessionName: "from-js" }));
      seen.assumed = assumed.AssumedRoleUser.Arn;
    }
  } catch (error) {
    seen.error = `${error.name}: ${error.message}`;
  }
  process.stdout.write(JSON.stringify(seen) + "\n");
}
