//! Access with the AWS SDK for Rust: its own credential providers and errors. `access STEP` prints what it saw as lines NAME=VALUE;
//! test_sdks.py gives it its environment, and judges.
use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::web_identity_token::{StaticConfiguration, WebIdentityTokenCredentialsProvider};
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{error::CredentialsError, future, ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_iam::operation::{create_user::CreateUserError, get_role::GetRoleError, RequestId};
use aws_sdk_s3::operation::create_bucket::CreateBucketError;
use aws_sdk_sts::config::SharedHttpClient;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;

type Failure = Box<dyn Error>;

fn var(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn say(name: &str, value: impl std::fmt::Display) {
    println!("{name}={value}");
}

/// The server speaks HTTP here: no TLS, which takes minutes to compile.
fn http() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

/// With which code and message something was refused.
fn refused(name: &str, error: &impl ProvideErrorMetadata) {
    say(name, format!("{}: {}", error.code().unwrap_or("no code"), error.message().unwrap_or("")));
}

/// The error of the operation that a provider called.
fn cause<E: Error + 'static>(error: &CredentialsError) -> &SdkError<E> {
    error.source().and_then(|source| source.downcast_ref()).unwrap_or_else(|| panic!("{error:?}"))
}

async fn refused_role(name: &str, provider: AssumeRoleProvider) {
    let error = provider.provide_credentials().await.expect_err(name);
    refused(name, cause::<AssumeRoleError>(&error));
}

struct Role<'a> {
    arn: String,
    session: &'a str,
    external_id: Option<String>,
    length: Option<u64>,
    policy: Option<&'a str>,
}

impl<'a> Role<'a> {
    fn new(arn: &str, session: &'a str) -> Self {
        Role { arn: var(arn), session, external_id: None, length: None, policy: None }
    }

    fn partner() -> Self {
        Role { external_id: Some(var("EXTERNAL_ID")), ..Role::new("PARTNER", "sdk") }
    }

    async fn provider(&self, of: &SdkConfig) -> AssumeRoleProvider {
        let mut builder = AssumeRoleProvider::builder(&self.arn).session_name(self.session).configure(of);
        if let Some(id) = &self.external_id {
            builder = builder.external_id(id);
        }
        if let Some(seconds) = self.length {
            builder = builder.session_length(Duration::from_secs(seconds));
        }
        if let Some(policy) = self.policy {
            builder = builder.policy(policy);
        }
        builder.build().await
    }
}

/// The same configuration with the credentials of another.
fn with(of: &SdkConfig, provider: impl ProvideCredentials + 'static) -> SdkConfig {
    of.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

async fn whoami(of: &SdkConfig) -> Result<String, Failure> {
    let answer = aws_sdk_sts::Client::new(of).get_caller_identity().send().await?;
    Ok(answer.arn().unwrap_or_default().to_owned())
}

async fn buckets(of: &SdkConfig) -> Result<String, Failure> {
    let answer = aws_sdk_s3::Client::new(of).list_buckets().send().await?;
    Ok(answer.buckets().iter().filter_map(|bucket| bucket.name()).collect::<Vec<_>>().join(" "))
}

async fn external_id(me: &SdkConfig) -> Result<(), Failure> {
    let session = with(me, Role::partner().provider(me).await);
    say("arn", whoami(&session).await?);
    say("buckets", buckets(&session).await?);
    let without = Role::new("PARTNER", "sdk").provider(me).await;
    refused_role("without", without).await;
    let wrong = Role { external_id: Some("another".into()), ..Role::partner() }.provider(me).await;
    refused_role("wrong", wrong).await;
    Ok(())
}

async fn chain(me: &SdkConfig) -> Result<(), Failure> {
    let first = with(me, Role::partner().provider(me).await);
    say("arn", whoami(&with(me, Role::new("NEXT", "hop").provider(&first).await)).await?);
    let hour = Role { length: Some(3600), ..Role::new("NEXT", "hour") }.provider(&first).await;
    say("one-hour", whoami(&with(me, hour)).await?);
    let two_hours = Role { length: Some(7200), ..Role::new("NEXT", "hop") }.provider(&first).await;
    refused_role("two-hours", two_hours).await;
    Ok(())
}

/// There are no keys: the SDK's default chain finds AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE.
async fn web_identity(me: &SdkConfig) -> Result<(), Failure> {
    say("arn", whoami(me).await?);
    say("buckets", buckets(me).await?);
    for (name, variable) in [("expired", "EXPIRED_TOKEN_FILE"), ("foreign", "FOREIGN_TOKEN_FILE")] {
        let provider = WebIdentityTokenCredentialsProvider::builder()
            .configure(&ProviderConfig::without_region().with_region(me.region().cloned()).with_http_client(http()))
            .static_configuration(StaticConfiguration {
                web_identity_token_file: PathBuf::from(var(variable)),
                role_arn: var("AWS_ROLE_ARN"),
                session_name: "pod".into(),
            })
            .build();
        let error = provider.provide_credentials().await.expect_err(name);
        let kind = match cause::<AssumeRoleWithWebIdentityError>(&error).as_service_error() {
            Some(AssumeRoleWithWebIdentityError::ExpiredTokenException(_)) => "ExpiredTokenException",
            Some(AssumeRoleWithWebIdentityError::InvalidIdentityTokenException(_)) => "InvalidIdentityTokenException",
            _ => "another",
        };
        say(name, kind);
    }
    Ok(())
}

/// There is a profile with role_arn, source_profile and external_id, and no variables.
async fn profile(me: &SdkConfig) -> Result<(), Failure> {
    say("arn", whoami(me).await?);
    say("buckets", buckets(me).await?);
    Ok(())
}

/// This SDK's provider has no place for a code, so a program asks for the session itself.
async fn mfa(me: &SdkConfig) -> Result<(), Failure> {
    let sts = aws_sdk_sts::Client::new(me);
    let guarded = || sts.assume_role().role_arn(var("GUARDED")).role_session_name("sdk");
    let coded = || guarded().serial_number(var("MFA_SERIAL")).token_code(var("MFA_CODE")).send();
    let session = coded().await?.credentials.ok_or("no credentials")?;
    let credentials = aws_credential_types::Credentials::new(
        session.access_key_id, session.secret_access_key, Some(session.session_token), None, "mfa");
    say("arn", whoami(&with(me, credentials)).await?);
    refused("again", &coded().await.expect_err("again"));
    refused("without", &guarded().send().await.expect_err("without"));
    Ok(())
}

/// Remembers which key it handed out.
#[derive(Debug)]
struct Remembering(AssumeRoleProvider, Arc<Mutex<String>>);

impl ProvideCredentials for Remembering {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let credentials = self.0.provide_credentials().await?;
            *self.1.lock().unwrap() = credentials.access_key_id().to_owned();
            Ok(credentials)
        })
    }
}

/// A session is kept while it is good, and gotten anew near its end, which is near since the server's clock is behind.
async fn refresh(me: &SdkConfig) -> Result<(), Failure> {
    for (names, seconds) in [(["first", "kept"], 3600), (["before", "after"], 900)] {
        let role = Role { length: Some(seconds), ..Role::partner() };
        let key = Arc::new(Mutex::new(String::new()));
        let client = aws_sdk_sts::Client::new(&with(me, Remembering(role.provider(me).await, key.clone())));
        for name in names {
            if name == "after" {
                std::thread::sleep(Duration::from_secs(10)); // the cache gives up a session at random in its last ten seconds
            }
            client.get_caller_identity().send().await?;
            say(name, key.lock().unwrap());
        }
    }
    Ok(())
}

async fn errors(me: &SdkConfig) -> Result<(), Failure> {
    let iam = aws_sdk_iam::Client::new(me);
    let error = iam.get_role().role_name("nobody").send().await.expect_err("no-such-role");
    let no_such = matches!(error.as_service_error(), Some(GetRoleError::NoSuchEntityException(_)));
    say("no-such-role", if no_such { "NoSuchEntityException" } else { "another" });
    say("status", error.raw_response().ok_or("no answer")?.status().as_u16());
    say("request-id", error.request_id().unwrap_or_default());
    let error = iam.create_user().user_name(var("SELF")).send().await.expect_err("taken-name");
    let exists = matches!(error.as_service_error(), Some(CreateUserError::EntityAlreadyExistsException(_)));
    say("taken-name", if exists { "EntityAlreadyExistsException" } else { "another" });
    let provider = Role { policy: Some("{}"), ..Role::partner() }.provider(me).await;
    let error = provider.provide_credentials().await.expect_err("session-policy");
    let service_error = cause::<AssumeRoleError>(&error).as_service_error();
    let malformed = matches!(service_error, Some(AssumeRoleError::MalformedPolicyDocumentException(_)));
    say("session-policy", if malformed { "MalformedPolicyDocumentException" } else { "another" });
    let error = aws_sdk_s3::Client::new(me).create_bucket().bucket(var("BUCKET")).send().await.expect_err("taken-bucket");
    let taken = matches!(error.as_service_error(), Some(CreateBucketError::BucketAlreadyExists(_)));
    say("taken-bucket", if taken { "BucketAlreadyExists" } else { "another" });
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let me = aws_config::defaults(BehaviorVersion::latest()).http_client(http()).load().await;
    match env::args().nth(1).as_deref() {
        Some("external-id") => external_id(&me).await,
        Some("chain") => chain(&me).await,
        Some("web-identity") => web_identity(&me).await,
        Some("profile") => profile(&me).await,
        Some("mfa") => mfa(&me).await,
        Some("refresh") => refresh(&me).await,
        Some("errors") => errors(&me).await,
        step => Err(format!("no such step: {step:?}").into()),
    }
}
