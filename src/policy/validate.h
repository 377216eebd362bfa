// The grammar of each policy type, one function each; validate.cpp chooses. Internal to this room.
#pragma once

#include <optional>
#include <string>

#include "policy/document.h"
#include "policy/wording.h"

namespace deputy::policy {

using Checked = Result<void, Problem>;

Checked validate_identity(const Document& document, Kind kind);
Checked validate_trust(const Document& document);
Checked validate_bucket(const Document& document);
Checked validate_other_resource(const Document& document, Kind kind);
Checked validate_organization(const Document& document, Kind kind);

/// Why a Resource text is none, in IAM's words; nothing if it is one. [W-3]
std::optional<std::string> resource_fault(std::string_view resource);
/// Why an Action text is none, in IAM's words. [W-3]
std::optional<std::string> action_fault(std::string_view action);
/// Why an AWS principal cannot name anybody, in the form of a sentence for people. Unique ids, the stored form, are
/// taken; whether somebody of that name exists is the service's to check. [P-3 to P-7, P-11]
std::optional<std::string> aws_principal_fault(std::string_view principal);
/// The second of two statements with one non-empty Sid, or null. [L-5]
const Statement* repeated_sid(const Document& document);
/// "sts" of "sts:AssumeRole"; empty without colon.
std::string_view vendor(std::string_view action);

}  // namespace deputy::policy
