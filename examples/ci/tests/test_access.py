"""Who may release, and what a releaser may do."""
RELEASER = "arn:aws:iam::222222222222:role/Releaser"


def become_releaser(principal, **more):
    return principal.client("sts").assume_role(RoleArn=RELEASER, RoleSessionName="ci", **more)


def test_the_deployer_releases(deputy):
    deputy.allowed(deputy.profile("deployer").client("sts").assume_role, RoleArn=RELEASER, RoleSessionName="ci", ExternalId="release-train")


def test_a_releaser_makes_buckets_and_touches_no_role(deputy):
    releaser = deputy.profile("deployer").assume(RELEASER, ExternalId="release-train")
    deputy.allowed(releaser.client("s3").create_bucket, Bucket="release-2026-11")
    deputy.refused(releaser.client("iam").create_role, RoleName="Mine", AssumeRolePolicyDocument="{}",
                   because="no identity-based policy allows the iam:CreateRole action")


def test_not_without_the_external_id(deputy):
    deputy.refused(become_releaser, deputy.profile("deployer"), because="sts:ExternalId")


def test_nobody_else_releases(deputy):
    deputy.refused(become_releaser, deputy.profile("intern"), ExternalId="release-train", because="user/intern is not")
