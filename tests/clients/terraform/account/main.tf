# What an account has once: alias, password policy, an organization that it manages; and a bucket.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {}

variable "stage" {
  default = "first"
}

locals {
  second = var.stage == "second"
}

resource "aws_iam_account_alias" "name" {
  account_alias = "terraform-${var.stage}"
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length   = local.second ? 20 : 14
  require_symbols           = true
  require_numbers           = !local.second
  max_password_age          = local.second ? 0 : 90
  password_reuse_prevention = 5
}

resource "aws_iam_security_token_service_preferences" "tokens" {
  global_endpoint_token_version = local.second ? "v1Token" : "v2Token"
}

resource "aws_organizations_organization" "company" {
  feature_set                   = "ALL"
  aws_service_access_principals = local.second ? ["iam.amazonaws.com", "sso.amazonaws.com"] : ["iam.amazonaws.com"]
}

resource "aws_iam_organizations_features" "root" {
  enabled_features = local.second ? ["RootCredentialsManagement"] : ["RootCredentialsManagement", "RootSessions"]
  depends_on       = [aws_organizations_organization.company]
}

resource "aws_s3_bucket" "here" {
  bucket        = "made-by-terraform"
  force_destroy = true
}

resource "aws_s3_bucket" "named" {
  bucket_prefix = "made-by-terraform-"
}

resource "aws_s3_bucket_ownership_controls" "named" {
  bucket = aws_s3_bucket.named.id
  rule {
    object_ownership = local.second ? "ObjectWriter" : "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "named" {
  bucket     = aws_s3_bucket.named.id
  acl        = local.second ? "log-delivery-write" : "private"
  depends_on = [aws_s3_bucket_ownership_controls.named]
}

resource "aws_s3_bucket_public_access_block" "named" {
  bucket                  = aws_s3_bucket.named.id
  block_public_acls       = true
  block_public_policy     = local.second
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "named" {
  bucket = aws_s3_bucket.named.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid       = local.second ? "Logs" : "AccessLogs"
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.named.arn}/logs/*"
    }
  })
}

data "aws_region" "here" {}

data "aws_canonical_user_id" "me" {}

data "aws_iam_account_alias" "name" {
  depends_on = [aws_iam_account_alias.name]
}

data "aws_organizations_organization" "company" {
  depends_on = [aws_organizations_organization.company]
}

data "aws_s3_bucket" "here" {
  bucket = aws_s3_bucket.here.bucket
}

output "seen" {
  value = {
    region = data.aws_region.here.name
    owner  = length(data.aws_canonical_user_id.me.id)
    alias  = data.aws_iam_account_alias.name.account_alias
    member = length(data.aws_organizations_organization.company.accounts)
    bucket = data.aws_s3_bucket.here.region
  }
}
