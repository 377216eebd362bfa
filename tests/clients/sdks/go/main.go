// Access with the AWS SDK for Go v2: its own credential providers and error types. `access STEP` prints what it saw as lines
// NAME=VALUE; test_sdks.py gives it its environment, and judges.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
)

var ctx = context.Background()

func say(name, value string) { fmt.Printf("%s=%s\n", name, value) }

// refused says with which code and message a call was refused.
func refused(name string, err error) {
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		say(name, refusal.ErrorCode()+": "+refusal.ErrorMessage())
	} else {
		say(name, fmt.Sprintf("not refused by the server: %v", err))
	}
}

// typed says whether an error is of the type that the SDK promises.
func typed[T error](name string, err error) {
	var wanted T
	if errors.As(err, &wanted) {
		kind := fmt.Sprintf("%T", wanted)
		say(name, kind[strings.LastIndex(kind, ".")+1:])
	} else {
		say(name, fmt.Sprintf("%T: %v", err, err))
	}
}

// as is the configuration whose credentials a provider gets, and the SDK keeps until they expire.
func as(from aws.Config, provider aws.CredentialsProvider) aws.Config {
	to := from.Copy()
	to.Credentials = aws.NewCredentialsCache(provider)
	return to
}

func assume(from aws.Config, role, session string, options ...func(*stscreds.AssumeRoleOptions)) *stscreds.AssumeRoleProvider {
	named := func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName = session }
	return stscreds.NewAssumeRoleProvider(sts.NewFromConfig(from), role, append(options, named)...)
}

func externalID(id string) func(*stscreds.AssumeRoleOptions) {
	return func(o *stscreds.AssumeRoleOptions) { o.ExternalID = aws.String(id) }
}

func lasting(duration time.Duration) func(*stscreds.AssumeRoleOptions) {
	return func(o *stscreds.AssumeRoleOptions) { o.Duration = duration }
}

func whoami(of aws.Config) (string, error) {
	answer, err := sts.NewFromConfig(of).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", err
	}
	return aws.ToString(answer.Arn), nil
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func buckets(of aws.Config) string {
	var names []string
	for _, bucket := range must(s3.NewFromConfig(of).ListBuckets(ctx, &s3.ListBucketsInput{})).Buckets {
		names = append(names, aws.ToString(bucket.Name))
	}
	return strings.Join(names, " ")
}

func externalIDs(self aws.Config) {
	partner := os.Getenv("PARTNER")
	session := as(self, assume(self, partner, "sdk", externalID(os.Getenv("EXTERNAL_ID"))))
	say("arn", must(whoami(session)))
	say("buckets", buckets(session))
	_, err := whoami(as(self, assume(self, partner, "sdk")))
	refused("without", err)
	_, err = whoami(as(self, assume(self, partner, "sdk", externalID("another"))))
	refused("wrong", err)
}

func chain(self aws.Config) {
	first := as(self, assume(self, os.Getenv("PARTNER"), "sdk", externalID(os.Getenv("EXTERNAL_ID"))))
	say("arn", must(whoami(as(first, assume(first, os.Getenv("NEXT"), "hop")))))
	say("one-hour", must(whoami(as(first, assume(first, os.Getenv("NEXT"), "hour", lasting(time.Hour))))))
	_, err := whoami(as(first, assume(first, os.Getenv("NEXT"), "hop", lasting(2*time.Hour))))
	refused("two-hours", err)
}

// webIdentity has no keys: the SDK's default chain finds AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE.
func webIdentity(self aws.Config) {
	say("arn", must(whoami(self)))
	say("buckets", buckets(self))
	from := func(file string) error {
		_, err := stscreds.NewWebIdentityRoleProvider(sts.NewFromConfig(self), os.Getenv("AWS_ROLE_ARN"),
			stscreds.IdentityTokenFile(os.Getenv(file))).Retrieve(ctx)
		return err
	}
	typed[*ststypes.ExpiredTokenException]("expired", from("EXPIRED_TOKEN_FILE"))
	typed[*ststypes.InvalidIdentityTokenException]("foreign", from("FOREIGN_TOKEN_FILE"))
}

// profile has a profile with role_arn, source_profile and external_id, and no variables.
func profile(self aws.Config) {
	say("arn", must(whoami(self)))
	say("buckets", buckets(self))
}

func mfa(self aws.Config) {
	coded := func(o *stscreds.AssumeRoleOptions) {
		o.SerialNumber = aws.String(os.Getenv("MFA_SERIAL"))
		o.TokenProvider = func() (string, error) { return os.Getenv("MFA_CODE"), nil }
	}
	guarded := os.Getenv("GUARDED")
	say("arn", must(whoami(as(self, assume(self, guarded, "sdk", coded)))))
	_, err := whoami(as(self, assume(self, guarded, "sdk", coded)))
	refused("again", err)
	_, err = whoami(as(self, assume(self, guarded, "sdk")))
	refused("without", err)
}

// refresh: a session is kept while it is good, and gotten anew at its end, which is near since the server's clock is behind.
func refresh(self aws.Config) {
	key := func(of aws.Config) string {
		must(whoami(of))
		return must(of.Credentials.Retrieve(ctx)).AccessKeyID
	}
	contract := externalID(os.Getenv("EXTERNAL_ID"))
	kept := as(self, assume(self, os.Getenv("PARTNER"), "sdk", contract, lasting(time.Hour)))
	say("first", key(kept))
	say("kept", key(kept))
	refreshed := as(self, assume(self, os.Getenv("PARTNER"), "sdk", contract, lasting(15*time.Minute)))
	say("before", key(refreshed))
	time.Sleep(time.Until(must(refreshed.Credentials.Retrieve(ctx)).Expires))
	say("after", key(refreshed))
}

func errorTypes(self aws.Config) {
	client := iam.NewFromConfig(self)
	_, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("nobody")})
	typed[*iamtypes.NoSuchEntityException]("no-such-role", err)
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		say("status", fmt.Sprint(answer.HTTPStatusCode()))
		say("request-id", answer.ServiceRequestID())
	}
	_, err = client.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String(os.Getenv("SELF"))})
	typed[*iamtypes.EntityAlreadyExistsException]("taken-name", err)
	_, err = sts.NewFromConfig(self).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String(os.Getenv("PARTNER")),
		RoleSessionName: aws.String("sdk"), ExternalId: aws.String(os.Getenv("EXTERNAL_ID")), Policy: aws.String("{}")})
	typed[*ststypes.MalformedPolicyDocumentException]("session-policy", err)
	_, err = s3.NewFromConfig(self).CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(os.Getenv("BUCKET"))})
	typed[*s3types.BucketAlreadyExists]("taken-bucket", err)
}

func main() {
	steps := map[string]func(aws.Config){"external-id": externalIDs, "chain": chain, "web-identity": webIdentity,
		"profile": profile, "mfa": mfa, "refresh": refresh, "errors": errorTypes}
	steps[os.Args[1]](must(config.LoadDefaultConfig(ctx)))
}
