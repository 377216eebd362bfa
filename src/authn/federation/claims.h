// What a token may say about the session that it makes: tags and a source identity.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
//
//   "https://aws.amazon.com/tags": {"principal_tags": {"Project": ["Automation"]}, "transitive_tag_keys": ["Project"]}
//   "https://aws.amazon.com/source_identity": "alice"
//
// Providers that can only make flat claims write the same as "https://aws.amazon.com/tags/principal_tags/Project" and
// "https://aws.amazon.com/tags/transitive_tag_keys".
#pragma once

#include <string_view>

#include "authn/federation/json.h"
#include "directory/caller.h"

namespace deputy::authn {

/// False if such a claim is there and is not of this form.
bool read_session_claims(const Json& claims, directory::FederatedCall& call);

/// Whether what an identity provider says of its subject can be shown: no controls, nothing hidden (base/visible.h). It
/// stands in answers, of which XML could not even hold all of it, and in events.
bool can_be_shown(const directory::NamedKeys& keys);

/// [\w+=,.@-]{2,64}, and not one of AWS's own (aws:…).
bool is_source_identity(std::string_view text);

}  // namespace deputy::authn
