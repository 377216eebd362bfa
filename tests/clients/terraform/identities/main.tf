# People and programs: users, groups, what they are given, and every credential that a user may have.

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

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = local.second ? ["s3:ListAllMyBuckets", "s3:GetBucketLocation"] : ["s3:ListAllMyBuckets"]
    resources = ["*"]
    condition {
      test     = "StringNotEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["red", "blue"]
    }
  }
}

resource "aws_iam_policy" "read" {
  name        = "Read"
  path        = "/made/"
  description = "What a reader may do"
  policy      = data.aws_iam_policy_document.read.json
  tags        = { stage = var.stage }
}

resource "aws_iam_policy" "boundary" {
  name   = "Boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "*", Resource = "*" } })
}

resource "aws_iam_user" "dana" {
  name                 = "dana"
  path                 = local.second ? "/second/" : "/"
  permissions_boundary = local.second ? null : aws_iam_policy.boundary.arn
  force_destroy        = true
  tags                 = local.second ? { team = "blue", empty = "" } : { team = "red", gone = "soon" }
}

resource "aws_iam_user" "erin" {
  name = "erin"
}

resource "aws_iam_user" "renamed" {
  name = local.second ? "frances" : "frank"
}

resource "aws_iam_access_key" "erin" {
  user   = aws_iam_user.erin.name
  status = local.second ? "Inactive" : "Active"
}

resource "aws_iam_group" "developers" {
  name = "developers"
  path = local.second ? "/second/" : "/"
}

resource "aws_iam_group" "readers" {
  name = "readers"
}

resource "aws_iam_group_membership" "developers" {
  name  = "developers"
  group = aws_iam_group.developers.name
  users = local.second ? [aws_iam_user.dana.name] : [aws_iam_user.dana.name, aws_iam_user.erin.name]
}

resource "aws_iam_user_group_membership" "dana" {
  user   = aws_iam_user.dana.name
  groups = [aws_iam_group.readers.name]
}

resource "aws_iam_user_policy" "dana" {
  name   = "inline"
  user   = aws_iam_user.dana.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_user_policies_exclusive" "dana" {
  user_name    = aws_iam_user.dana.name
  policy_names = [aws_iam_user_policy.dana.name]
}

resource "aws_iam_group_policy" "readers" {
  name   = "inline"
  group  = aws_iam_group.readers.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_user_policy_attachment" "dana" {
  user       = aws_iam_user.dana.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user_policy_attachments_exclusive" "dana" {
  user_name   = aws_iam_user.dana.name
  policy_arns = [aws_iam_user_policy_attachment.dana.policy_arn]
}

resource "aws_iam_group_policy_attachment" "readers" {
  group      = aws_iam_group.readers.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_policy_attachment" "billing" {
  name       = "billing"
  policy_arn = "arn:aws:iam::aws:policy/job-function/Billing"
  groups     = local.second ? [aws_iam_group.readers.name] : [aws_iam_group.developers.name, aws_iam_group.readers.name]
}

resource "aws_iam_user_login_profile" "dana" {
  user            = aws_iam_user.dana.name
  password_length = 24
}

resource "aws_iam_user_ssh_key" "dana" {
  username   = aws_iam_user.dana.name
  encoding   = "SSH"
  public_key = file("${path.module}/made/ssh-key.pub")
  status     = local.second ? "Inactive" : "Active"
}

resource "aws_iam_signing_certificate" "dana" {
  user_name        = aws_iam_user.dana.name
  certificate_body = file("${path.module}/made/certificate.pem")
  status           = local.second ? "Inactive" : "Active"
}

resource "aws_iam_service_specific_credential" "dana" {
  user_name    = aws_iam_user.dana.name
  service_name = "codecommit.amazonaws.com"
  status       = local.second ? "Inactive" : "Active"
}

resource "aws_iam_virtual_mfa_device" "phone" {
  virtual_mfa_device_name = "phone"
  path                    = "/made/"
  tags                    = { stage = var.stage }
}

data "aws_iam_user" "dana" {
  user_name = aws_iam_user.dana.name
}

data "aws_iam_group" "developers" {
  group_name = aws_iam_group_membership.developers.group
}

data "aws_iam_policy" "read" {
  name = aws_iam_policy.read.name
}

data "aws_iam_access_keys" "erin" {
  user = aws_iam_access_key.erin.user
}

data "aws_iam_users" "all" {
  depends_on = [aws_iam_user.dana, aws_iam_user.erin, aws_iam_user.renamed]
}

output "seen" {
  value = {
    user   = data.aws_iam_user.dana.user_id == aws_iam_user.dana.unique_id
    group  = sort(data.aws_iam_group.developers.users[*].user_name)
    policy = data.aws_iam_policy.read.arn == aws_iam_policy.read.arn
    keys   = data.aws_iam_access_keys.erin.access_keys[*].status
    users  = sort(data.aws_iam_users.all.names)
  }
}
