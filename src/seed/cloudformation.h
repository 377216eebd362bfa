// The identities of a CloudFormation template as a seed: its AWS::IAM::* resources and buckets, in one account.
//
// Understood: Parameters with defaults, AWS's pseudo parameters, Ref, Fn::GetAtt, Fn::Sub, Fn::Join, in either form.
// Everything else is refused by its name, with its place: what a template would do in AWS must not be done by half. A
// resource without a name is called as it is in the template.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
#pragma once

#include <map>
#include <string>
#include <vector>

#include "seed/yaml.h"

namespace deputy::seed {

struct TemplateOptions {
  std::string account;                            // whose resources they are
  std::map<std::string, std::string> parameters;  // given for the template
};

bool is_template(const Node& document);

/// A seed with one account. What is at fault is left out of it.
NodePtr seed_of_template(const NodePtr& document, const TemplateOptions& options, std::vector<Fault>& faults);

}  // namespace deputy::seed
