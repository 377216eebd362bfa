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

resource "aws_s3_bucket_policy" "plain" {
  bucket = aws_s3_bucket.plain.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = aws_s3_bucket.plain.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }
  })
}

resource "aws_s3_bucket_public_access_block" "plain" {
  bucket            = aws_s3_bucket.plain.id
  block_public_acls = true
}

resource "aws_s3_bucket_ownership_controls" "plain" {
  bucket = aws_s3_bucket.plain.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
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
