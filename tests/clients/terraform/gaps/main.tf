# What Deputy does not have yet: each must end in an error that names the operation. docs/guides/terraform.md lists them.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {}

resource "aws_s3_bucket" "plain" {
  bucket = "plain-by-terraform"
}

resource "aws_s3_object" "text" {
  bucket  = aws_s3_bucket.plain.id
  key     = "text"
  content = "text"
}

resource "aws_iam_user" "asked_about" {
  name = "asked-about"
}

data "aws_iam_principal_policy_simulation" "may" {
  action_names      = ["s3:ListAllMyBuckets"]
  policy_source_arn = aws_iam_user.asked_about.arn
}
