# Buckets with every configuration that the provider has a resource for.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  default_tags {
    tags = { made_by = "terraform" }
  }
}

variable "stage" {
  default = "first"
}

locals {
  second = var.stage == "second"
}

resource "aws_s3_bucket" "data" {
  bucket        = "data-of-terraform"
  force_destroy = true
  tags          = local.second ? { team = "blue", Team = "case" } : { team = "red", old = "" }
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs-of-terraform"
}

resource "aws_s3_bucket" "copies" {
  bucket = "copies-of-terraform"
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
  versioning_configuration {
    status = local.second ? "Suspended" : "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "copies" {
  bucket = aws_s3_bucket.copies.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    bucket_key_enabled = !local.second
    apply_server_side_encryption_by_default {
      sse_algorithm     = local.second ? "AES256" : "aws:kms"
      kms_master_key_id = local.second ? null : "arn:aws:kms:us-east-1:111111111111:key/0c0ffee0-0000-0000-0000-000000000000"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = local.second ? "old-logs/" : "logs/"
    }
    expiration {
      days = 90
    }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    noncurrent_version_expiration {
      noncurrent_days           = 7
      newer_noncurrent_versions = 3
    }
  }
  rule {
    id     = "tagged"
    status = local.second ? "Disabled" : "Enabled"
    filter {
      and {
        prefix                   = "tmp/"
        object_size_greater_than = 1000
        tags                     = { a = "1", b = "2" }
      }
    }
    expiration {
      date = "2040-01-01T00:00:00Z"
    }
  }
  rule {
    id     = "uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  cors_rule {
    id              = "app"
    allowed_headers = ["*"]
    allowed_methods = local.second ? ["GET"] : ["GET", "PUT"]
    allowed_origins = ["https://*.example.com"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3000
  }
}

resource "aws_s3_bucket_website_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  index_document {
    suffix = "index.html"
  }
  error_document {
    key = local.second ? "oops.html" : "error.html"
  }
  routing_rule {
    condition {
      key_prefix_equals = "old/"
    }
    redirect {
      replace_key_prefix_with = "new/"
    }
  }
}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "${var.stage}/"
  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "EventTime"
    }
  }
}

resource "aws_s3_bucket_notification" "data" {
  bucket      = aws_s3_bucket.data.id
  eventbridge = local.second
  queue {
    id            = "to-a-queue"
    queue_arn     = "arn:aws:sqs:us-east-1:111111111111:changes"
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "in/"
    filter_suffix = ".csv"
  }
}

resource "aws_s3_bucket_accelerate_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  status = local.second ? "Suspended" : "Enabled"
}

resource "aws_s3_bucket_request_payment_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  payer  = local.second ? "BucketOwner" : "Requester"
}

resource "aws_iam_role" "replication" {
  name = "replication-of-terraform"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_s3_bucket_replication_configuration" "data" {
  depends_on = [aws_s3_bucket_versioning.data, aws_s3_bucket_versioning.copies]
  bucket     = aws_s3_bucket.data.id
  role       = aws_iam_role.replication.arn
  rule {
    id       = "all"
    priority = local.second ? 2 : 1
    status   = "Enabled"
    filter {
      prefix = ""
    }
    delete_marker_replication {
      status = "Disabled"
    }
    destination {
      bucket        = aws_s3_bucket.copies.arn
      storage_class = "STANDARD"
    }
  }
}

resource "aws_s3_bucket_metric" "data" {
  bucket = aws_s3_bucket.data.id
  name   = "documents"
  filter {
    prefix = "${var.stage}/"
  }
}

resource "aws_s3_bucket_analytics_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  name   = "whole"
  storage_class_analysis {
    data_export {
      destination {
        s3_bucket_destination {
          bucket_arn = aws_s3_bucket.logs.arn
          prefix     = var.stage
        }
      }
    }
  }
}

resource "aws_s3_bucket_inventory" "data" {
  bucket                   = aws_s3_bucket.data.id
  name                     = "weekly"
  included_object_versions = "All"
  optional_fields          = local.second ? ["Size", "ETag"] : ["Size"]
  schedule {
    frequency = "Weekly"
  }
  destination {
    bucket {
      format     = "ORC"
      bucket_arn = aws_s3_bucket.logs.arn
    }
  }
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  name   = "whole"
  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = local.second ? 180 : 125
  }
}

output "seen" {
  value = {
    region = aws_s3_bucket.data.region
    tags   = length(aws_s3_bucket.data.tags_all)
  }
}
