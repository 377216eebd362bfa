"""Services of AWS that Deputy has not: their clients read that, in the dialect that they speak (docs/wire.md, section 2)."""
import subprocess

import botocore.exceptions
import pytest

from clis import AWS

ABSENT = "Deputy has no {}: it serves iam, sts, organizations and s3."
# service, operation, its parameters; the name that requests are signed for
CALLS = [
    ("dynamodb", "list_tables", {}, "dynamodb"),  # JSON 1.0
    ("ssm", "describe_parameters", {}, "ssm"),  # JSON 1.1
    ("sqs", "list_queues", {}, "sqs"),
    ("sns", "list_topics", {}, "sns"),  # query
    ("ec2", "describe_instances", {}, "ec2"),  # query with errors of its own
    ("lambda", "list_functions", {}, "lambda"),  # REST-JSON
    ("kms", "list_keys", {}, "kms"),
    ("cloudformation", "list_stacks", {}, "cloudformation"),
    ("cloudwatch", "list_dashboards", {}, "monitoring"),  # CBOR in recent clients
    ("route53", "list_hosted_zones", {}, "route53"),  # REST-XML
    ("cloudfront", "list_distributions", {}, "cloudfront"),
    ("secretsmanager", "list_secrets", {}, "secretsmanager"),
    ("ses", "list_identities", {}, "ses"),
    ("sesv2", "list_email_identities", {}, "ses"),  # the same name, another dialect
    ("logs", "describe_log_groups", {}, "logs"),
    ("eks", "list_clusters", {}, "eks"),
]


@pytest.mark.parametrize("service, operation, parameters, name", CALLS, ids=[call[0] for call in CALLS])
def test_a_client_of_an_absent_service_is_told(cloud, service, operation, parameters, name):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        getattr(cloud.client(service, cloud.a), operation)(**parameters)
    answer = refused.value.response
    assert answer["Error"]["Code"] == "NotImplemented"
    assert answer["Error"]["Message"] == ABSENT.format(name)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501


@pytest.mark.parametrize("arguments, name", [(["dynamodb", "list-tables"], "dynamodb"), (["ec2", "describe-vpcs"], "ec2"),
                                             (["lambda", "list-functions"], "lambda"), (["sns", "list-topics"], "sns")])
def test_the_command_line_prints_it(cloud, arguments, name):
    done = subprocess.run([AWS, "--endpoint-url", cloud.server.endpoint, "--region", "us-east-1", *arguments], text=True,
                          capture_output=True, env=cloud.server.environment(**cloud.a.environment()))
    assert done.returncode != 0 and "(NotImplemented)" in done.stderr and ABSENT.format(name) in done.stderr, done.stderr
