# An organization whole: units, a member in one of them, policies of three types and what they are attached to, delegation.

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
  root   = aws_organizations_organization.company.roots[0].id
}

resource "aws_organizations_organization" "company" {
  feature_set                   = "ALL"
  aws_service_access_principals = ["sso.amazonaws.com"]
  enabled_policy_types = concat(["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "TAG_POLICY"],
  local.second ? ["BACKUP_POLICY"] : [])
}

resource "aws_organizations_organizational_unit" "workloads" {
  name      = local.second ? "Work" : "Workloads"
  parent_id = local.root
  tags      = local.second ? { stage = "all" } : { stage = "all", owner = "platform" }
}

resource "aws_organizations_organizational_unit" "production" {
  name      = "Production"
  parent_id = aws_organizations_organizational_unit.workloads.id
}

resource "aws_organizations_account" "member" {
  name      = "member"
  email     = "member-of-terraform@example.com"
  parent_id = local.second ? aws_organizations_organizational_unit.production.id : aws_organizations_organizational_unit.workloads.id
  tags      = { team = local.second ? "red" : "blue" }
}

resource "aws_organizations_policy" "region" {
  name        = "region"
  description = local.second ? "Stay in the regions" : "Stay in the region"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Effect    = "Deny"
      NotAction = ["iam:*", "organizations:*"]
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = local.second ? ["us-east-1", "eu-central-1"] : ["us-east-1"] } }
    }
  })
  tags       = { kind = "guardrail" }
  depends_on = [aws_organizations_organization.company]
}

resource "aws_organizations_policy" "perimeter" {
  name = "perimeter"
  type = "RESOURCE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Effect    = "Deny"
      Principal = "*"
      Action    = "sts:AssumeRole"
      Resource  = "*"
      Condition = {
        StringNotEqualsIfExists = { "aws:PrincipalOrgID" = aws_organizations_organization.company.id }
        BoolIfExists            = { "aws:PrincipalIsAWSService" = "false" }
      }
    }
  })
}

resource "aws_organizations_policy" "tags" {
  name       = "tags"
  type       = "TAG_POLICY"
  content    = jsonencode({ tags = { team = { tag_key = { "@@assign" = "team" } } } })
  depends_on = [aws_organizations_organization.company]
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.region.id
  target_id = local.root
}

resource "aws_organizations_policy_attachment" "unit" {
  policy_id = aws_organizations_policy.perimeter.id
  target_id = local.second ? aws_organizations_organizational_unit.production.id : aws_organizations_organizational_unit.workloads.id
}

resource "aws_organizations_policy_attachment" "account" {
  policy_id = aws_organizations_policy.tags.id
  target_id = aws_organizations_account.member.id
}

resource "aws_organizations_delegated_administrator" "sso" {
  account_id        = aws_organizations_account.member.id
  service_principal = "sso.amazonaws.com"
  depends_on        = [aws_organizations_organization.company]
}

resource "aws_organizations_resource_policy" "delegation" {
  content = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid       = "Delegation"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${aws_organizations_account.member.id}:root" }
      Action    = local.second ? ["organizations:ListRoots", "organizations:ListPolicies"] : ["organizations:ListRoots"]
      Resource  = "*"
    }
  })
  tags = { kind = "delegation" }
}

data "aws_organizations_organizational_units" "below" {
  parent_id  = local.root
  depends_on = [aws_organizations_organizational_unit.workloads]
}

data "aws_organizations_policies_for_target" "root" {
  target_id  = local.root
  filter     = "SERVICE_CONTROL_POLICY"
  depends_on = [aws_organizations_policy_attachment.root]
}

data "aws_organizations_resource_tags" "member" {
  resource_id = aws_organizations_account.member.id
}

data "aws_organizations_delegated_administrators" "sso" {
  depends_on = [aws_organizations_delegated_administrator.sso]
}

output "seen" {
  value = {
    units     = data.aws_organizations_organizational_units.below.children[*].name
    policies  = length(data.aws_organizations_policies_for_target.root.ids)
    team      = data.aws_organizations_resource_tags.member.tags["team"]
    delegates = data.aws_organizations_delegated_administrators.sso.delegated_administrators[*].name
  }
}
