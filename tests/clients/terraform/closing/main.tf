# An account that Terraform closes. It stays in its unit until AWS deletes it, so that neither unit nor organization can go first.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {}

resource "aws_organizations_organization" "company" {}

resource "aws_organizations_organizational_unit" "unit" {
  name      = "unit"
  parent_id = aws_organizations_organization.company.roots[0].id
}

resource "aws_organizations_account" "member" {
  name              = "member"
  email             = "closed-by-terraform@example.com"
  parent_id         = aws_organizations_organizational_unit.unit.id
  close_on_deletion = true
}
