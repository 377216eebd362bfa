# Access with the AWS SDK for Ruby v3: its own credential providers and errors. `access.rb STEP` prints what it saw as lines NAME=VALUE;
# test_sdks.py gives it its environment, and judges. Debian's packages bring STS and S3; IAM is asked where aws-sdk-iam is there.
require "aws-sdk-core"
require "aws-sdk-s3"

# Versions before 3.180 do not heed AWS_ENDPOINT_URL.
PLACE = { endpoint: ENV["AWS_ENDPOINT_URL"], region: ENV["AWS_REGION"] }
CONTRACT = { external_id: ENV["EXTERNAL_ID"] }

def say(name, value)
  puts "#{name}=#{value}"
end

# With which code and message something was refused.
def refused(name)
  yield
  say(name, "not refused")
rescue Aws::Errors::ServiceError => e
  say(name, "#{e.code}: #{e.message}")
end

# Whether an error is of the class that the SDK promises; the error.
def typed(name, wanted)
  yield
  say(name, "not refused")
rescue wanted => e
  say(name, wanted.name.split("::").last)
  e
rescue Aws::Errors::ServiceError => e
  say(name, "#{e.class}: #{e.message}")
end

def sts(credentials = nil)
  Aws::STS::Client.new(**PLACE, **(credentials ? { credentials: credentials } : {}))
end

def s3(credentials = nil)
  Aws::S3::Client.new(**PLACE, **(credentials ? { credentials: credentials } : {}))
end

def assume(role, from: nil, session: "sdk", **more)
  Aws::AssumeRoleCredentials.new(client: sts(from), role_arn: ENV[role], role_session_name: session, **more)
end

def whoami(credentials = nil)
  sts(credentials).get_caller_identity.arn
end

def buckets(credentials = nil)
  s3(credentials).list_buckets.buckets.map(&:name).join(" ")
end

STEPS = {
  "external-id" => lambda {
    session = assume("PARTNER", **CONTRACT)
    say("arn", whoami(session))
    say("buckets", buckets(session))
    refused("without") { assume("PARTNER") }
    refused("wrong") { assume("PARTNER", external_id: "another") }
  },

  "chain" => lambda {
    first = assume("PARTNER", **CONTRACT)
    say("arn", whoami(assume("NEXT", from: first, session: "hop")))
    say("one-hour", whoami(assume("NEXT", from: first, session: "hour", duration_seconds: 3600)))
    refused("two-hours") { assume("NEXT", from: first, session: "hop", duration_seconds: 7200) }
  },

  # There are no keys: the provider reads the token from its file, again each time that it needs one.
  "web-identity" => lambda {
    from = lambda do |file|
      Aws::AssumeRoleWebIdentityCredentials.new(client: Aws::STS::Client.new(**PLACE, credentials: false), role_arn: ENV["AWS_ROLE_ARN"],
                                                role_session_name: "pod", web_identity_token_file: ENV[file])
    end
    session = from.call("AWS_WEB_IDENTITY_TOKEN_FILE")
    say("arn", whoami(session))
    say("buckets", buckets(session))
    typed("expired", Aws::STS::Errors::ExpiredTokenException) { from.call("EXPIRED_TOKEN_FILE") }
    typed("foreign", Aws::STS::Errors::InvalidIdentityToken) { from.call("FOREIGN_TOKEN_FILE") }
  },

  "mfa" => lambda {
    coded = { serial_number: ENV["MFA_SERIAL"], token_code: ENV["MFA_CODE"] }
    say("arn", whoami(assume("GUARDED", **coded)))
    refused("again") { assume("GUARDED", **coded) }
    refused("without") { assume("GUARDED") }
  },

  # A session is kept while it is good, and gotten anew near its end, which is near since the server's clock is behind.
  "refresh" => lambda {
    key = ->(credentials) { whoami(credentials) && credentials.credentials.access_key_id }
    kept = assume("PARTNER", **CONTRACT)
    say("first", key.call(kept))
    say("kept", key.call(kept))
    refreshed = assume("PARTNER", duration_seconds: 900, **CONTRACT)
    say("before", key.call(refreshed))
    say("after", key.call(refreshed))
  },

  "errors" => lambda {
    error = typed("session-policy", Aws::STS::Errors::MalformedPolicyDocument) { assume("PARTNER", policy: "{}", **CONTRACT) }
    say("request-id", error.context.http_response.headers["x-amzn-requestid"])
    typed("taken-bucket", Aws::S3::Errors::BucketAlreadyExists) { s3.create_bucket(bucket: ENV["BUCKET"]) }
  },
}.freeze

STEPS.fetch(ARGV[0]).call
