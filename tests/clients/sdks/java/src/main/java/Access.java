import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * Access with the AWS SDK for Java v2: its own credential providers and exceptions. {@code Access STEP} prints what it saw as
 * lines NAME=VALUE; test_sdks.py gives it its environment, and judges.
 */
public final class Access {
  private static final String PARTNER = System.getenv("PARTNER");
  private static final String NEXT = System.getenv("NEXT");
  private static final Consumer<AssumeRoleRequest.Builder> CONTRACT = r -> r.externalId(System.getenv("EXTERNAL_ID"));

  private static void say(String name, String value) {
    System.out.println(name + "=" + value);
  }

  /** With which code and message a call was refused. */
  private static void refused(String name, Runnable call) {
    try {
      call.run();
      say(name, "not refused");
    } catch (AwsServiceException refusal) {
      say(name, refusal.awsErrorDetails().errorCode() + ": " + refusal.awsErrorDetails().errorMessage());
    }
  }

  /** Of what class a call's exception is. */
  private static AwsServiceException typed(String name, Runnable call) {
    try {
      call.run();
      say(name, "not refused");
      return null;
    } catch (AwsServiceException refusal) {
      say(name, refusal.getClass().getSimpleName());
      return refusal;
    }
  }

  private static StsClient sts(AwsCredentialsProvider credentials) {
    return StsClient.builder().credentialsProvider(credentials).build();
  }

  private static AwsCredentialsProvider assume(
      AwsCredentialsProvider from, String role, String session, Consumer<AssumeRoleRequest.Builder> more) {
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts(from))
        .refreshRequest(r -> r.roleArn(role).roleSessionName(session).applyMutation(more))
        .build();
  }

  private static String whoami(AwsCredentialsProvider credentials) {
    try (StsClient client = sts(credentials)) {
      return client.getCallerIdentity().arn();
    }
  }

  private static String buckets(AwsCredentialsProvider credentials) {
    try (S3Client client = S3Client.builder().credentialsProvider(credentials).build()) {
      return client.listBuckets().buckets().stream().map(Bucket::name).collect(Collectors.joining(" "));
    }
  }

  private static void externalId(AwsCredentialsProvider self) {
    AwsCredentialsProvider session = assume(self, PARTNER, "sdk", CONTRACT);
    say("arn", whoami(session));
    say("buckets", buckets(session));
    refused("without", () -> assume(self, PARTNER, "sdk", r -> { }).resolveCredentials());
    refused("wrong", () -> assume(self, PARTNER, "sdk", r -> r.externalId("another")).resolveCredentials());
  }

  private static void chain(AwsCredentialsProvider self) {
    AwsCredentialsProvider first = assume(self, PARTNER, "sdk", CONTRACT);
    say("arn", whoami(assume(first, NEXT, "hop", r -> { })));
    say("one-hour", whoami(assume(first, NEXT, "hour", r -> r.durationSeconds(3600))));
    refused("two-hours", () -> assume(first, NEXT, "hop", r -> r.durationSeconds(7200)).resolveCredentials());
  }

  /** There are no keys: the SDK's default chain finds AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE. */
  private static void webIdentity(AwsCredentialsProvider self) {
    say("arn", whoami(self));
    say("buckets", buckets(self));
    typed("expired", () -> tokenFile("EXPIRED_TOKEN_FILE").resolveCredentials());
    typed("foreign", () -> tokenFile("FOREIGN_TOKEN_FILE").resolveCredentials());
  }

  private static AwsCredentialsProvider tokenFile(String variable) {
    return StsWebIdentityTokenFileCredentialsProvider.builder()
        .stsClient(StsClient.create())
        .roleArn(System.getenv("AWS_ROLE_ARN"))
        .roleSessionName("pod")
        .webIdentityTokenFile(Path.of(System.getenv(variable)))
        .build();
  }

  /** There is a profile with role_arn, source_profile and external_id, and no variables. */
  private static void profile(AwsCredentialsProvider self) {
    say("arn", whoami(self));
    say("buckets", buckets(self));
  }

  /** The provider asks for a request whenever it needs one: that is where a code comes in. */
  private static void mfa(AwsCredentialsProvider self) {
    String guarded = System.getenv("GUARDED");
    Consumer<AssumeRoleRequest.Builder> coded = r -> r.serialNumber(System.getenv("MFA_SERIAL")).tokenCode(System.getenv("MFA_CODE"));
    say("arn", whoami(assume(self, guarded, "sdk", coded)));
    refused("again", () -> assume(self, guarded, "sdk", coded).resolveCredentials());
    refused("without", () -> assume(self, guarded, "sdk", r -> { }).resolveCredentials());
  }

  /** A session is kept while it is good, and gotten anew near its end, which is near since the server's clock is behind. */
  private static void refresh(AwsCredentialsProvider self) throws InterruptedException {
    AwsCredentialsProvider kept = assume(self, PARTNER, "sdk", CONTRACT.andThen(r -> r.durationSeconds(3600)));
    say("first", keyOf(kept));
    say("kept", keyOf(kept));
    AwsCredentialsProvider refreshed = assume(self, PARTNER, "sdk", CONTRACT.andThen(r -> r.durationSeconds(900)));
    say("before", keyOf(refreshed));
    Thread.sleep(2000);  // a provider does not ask again within a second
    say("after", keyOf(refreshed));
  }

  private static String keyOf(AwsCredentialsProvider credentials) {
    whoami(credentials);
    return credentials.resolveCredentials().accessKeyId();
  }

  private static void errors(AwsCredentialsProvider self) {
    IamClient iam = IamClient.builder().credentialsProvider(self).build();
    AwsServiceException refusal = typed("no-such-role", () -> iam.getRole(r -> r.roleName("nobody")));
    say("status", String.valueOf(refusal.statusCode()));
    say("request-id", refusal.requestId());
    typed("taken-name", () -> iam.createUser(r -> r.userName(System.getenv("SELF"))));
    typed("session-policy", () -> assume(self, PARTNER, "sdk", CONTRACT.andThen(r -> r.policy("{}"))).resolveCredentials());
    S3Client s3 = S3Client.builder().credentialsProvider(self).build();
    typed("taken-bucket", () -> s3.createBucket(r -> r.bucket(System.getenv("BUCKET"))));
  }

  public static void main(String[] arguments) throws InterruptedException {
    AwsCredentialsProvider self = DefaultCredentialsProvider.builder().build();
    switch (arguments[0]) {
      case "external-id" -> externalId(self);
      case "chain" -> chain(self);
      case "web-identity" -> webIdentity(self);
      case "profile" -> profile(self);
      case "mfa" -> mfa(self);
      case "refresh" -> refresh(self);
      case "errors" -> errors(self);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }
}
