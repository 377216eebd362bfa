# Roles and whom they trust: services, an OpenID Connect and a SAML provider; and what goes with roles.

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

data "aws_caller_identity" "me" {}

data "aws_partition" "here" {}

data "aws_iam_policy" "read_only" {
  arn = "arn:${data.aws_partition.here.partition}:iam::aws:policy/ReadOnlyAccess"
}

data "aws_iam_policy_document" "account" {
  statement {
    actions = local.second ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [data.aws_caller_identity.me.account_id]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.stage]
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:ListAllMyBuckets"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name   = "Boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_user" "trusted" {
  name = "trusted"
}

resource "aws_iam_role" "full" {
  name                 = "Full"
  path                 = "/made/"
  description          = "A role at its ${var.stage} stage"
  assume_role_policy   = data.aws_iam_policy_document.account.json
  max_session_duration = local.second ? 7200 : 3600
  permissions_boundary = local.second ? null : aws_iam_policy.boundary.arn
  tags                 = local.second ? { team = "blue", empty = "" } : { team = "red", gone = "soon" }
  managed_policy_arns  = [data.aws_iam_policy.read_only.arn]

  inline_policy {
    name   = "inline-${var.stage}"
    policy = data.aws_iam_policy_document.read.json
  }
}

resource "aws_iam_role" "machine" {
  name                  = "Machine"
  force_detach_policies = true
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        Service = ["ec2.amazonaws.com", "lambda.amazonaws.com"]
        AWS     = aws_iam_user.trusted.arn
      }
    }]
  })
}

resource "aws_iam_role_policy" "machine" {
  name   = "inline"
  role   = aws_iam_role.machine.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policies_exclusive" "machine" {
  role_name    = aws_iam_role.machine.name
  policy_names = [aws_iam_role_policy.machine.name]
}

resource "aws_iam_role_policy_attachment" "machine" {
  role       = aws_iam_role.machine.name
  policy_arn = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy_attachments_exclusive" "machine" {
  role_name   = aws_iam_role.machine.name
  policy_arns = [aws_iam_role_policy_attachment.machine.policy_arn]
}

resource "aws_iam_instance_profile" "machine" {
  name = "Machine"
  role = local.second ? aws_iam_role.full.name : aws_iam_role.machine.name
  tags = { stage = var.stage }
}

resource "aws_iam_openid_connect_provider" "ci" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = local.second ? ["sts.amazonaws.com", "another"] : ["sts.amazonaws.com", "one"]
  thumbprint_list = local.second ? ["6938fd4d98bab03faadb97b34396831e3780aea1"] : ["1c58a3a8518e8759bf075b76b750d4f2df264fcd"]
  tags            = { stage = var.stage }
}

resource "aws_iam_saml_provider" "company" {
  name                   = "company"
  saml_metadata_document = file("${path.module}/made/metadata-${var.stage}.xml")
  tags                   = { stage = var.stage }
}

data "aws_iam_policy_document" "federated" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.ci.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:example/one:ref:refs/heads/main"]
    }
  }
  statement {
    actions = ["sts:AssumeRoleWithSAML"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_saml_provider.company.arn]
    }
  }
}

resource "aws_iam_role" "federated" {
  name_prefix        = "Federated-"
  assume_role_policy = data.aws_iam_policy_document.federated.json
}

resource "aws_iam_service_linked_role" "scaling" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "made"
  description      = "At its ${var.stage} stage"
  tags             = { stage = var.stage }
}

resource "aws_iam_server_certificate" "site" {
  name             = "site"
  path             = "/made/"
  certificate_body = file("${path.module}/made/certificate.pem")
  private_key      = file("${path.module}/made/key.pem")
  tags             = { stage = var.stage }
}

data "aws_iam_role" "full" {
  name = aws_iam_role.full.name
}

data "aws_iam_roles" "made" {
  path_prefix = "/made/"
  depends_on  = [aws_iam_role.full]
}

data "aws_iam_instance_profile" "machine" {
  name = aws_iam_instance_profile.machine.name
}

data "aws_iam_openid_connect_provider" "ci" {
  arn = aws_iam_openid_connect_provider.ci.arn
}

data "aws_iam_saml_provider" "company" {
  arn = aws_iam_saml_provider.company.arn
}

data "aws_iam_server_certificate" "site" {
  name = aws_iam_server_certificate.site.name
}

data "aws_iam_session_context" "session" {
  arn = "arn:aws:sts::${data.aws_caller_identity.me.account_id}:assumed-role/${aws_iam_role.machine.name}/work"
}

output "seen" {
  value = {
    role        = data.aws_iam_role.full.max_session_duration
    roles       = data.aws_iam_roles.made.names
    profile     = data.aws_iam_instance_profile.machine.role_name
    oidc        = sort(data.aws_iam_openid_connect_provider.ci.client_id_list)
    saml        = data.aws_iam_saml_provider.company.saml_metadata_document == aws_iam_saml_provider.company.saml_metadata_document
    certificate = data.aws_iam_server_certificate.site.path
    issuer      = data.aws_iam_session_context.session.issuer_name
  }
}
