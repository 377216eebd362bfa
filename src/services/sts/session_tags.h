// Session tags: what a call passes, what its session inherits, what the next session will see. [T-9 to T-11]
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "directory/session.h"
#include "protocol/sts/shapes.h"

namespace deputy::sts {

struct SessionTags {
  directory::Tags passed;                    // by this call
  directory::Tags inherited;                 // transitive ones of the calling session
  std::vector<std::string> transitive_keys;  // of both: they go on to the next session [K-10]

  /// What the new session has: inherited, then passed.
  [[nodiscard]] directory::Tags effective() const;
};

/// Of one call; what is inherited comes on top.
inline constexpr std::size_t kMostSessionTags = 50;

/// Who says the tags of a call.
enum class TagSource : std::uint8_t {
  kCall,           // its parameters
  kProvider,       // the assertion or token of an identity provider
  kTokenToOthers,  // parameters again, but of a token for others: AWS takes keys that begin with aws: there
};

/// `from` is the session of the caller; null for long-term keys.
/// Errors: InvalidParameterValue: duplicate key, transitive key that is no tag, an inherited key given again; a tag
/// that cannot be one, or that is AWS's own (aws:…), where a provider says so InvalidIdentityToken.
Result<SessionTags> session_tags(const directory::Session* from, const std::vector<shapes::Tag>& tags,
                                 const std::vector<std::string>& transitive_tag_keys,
                                 TagSource source = TagSource::kCall);

}  // namespace deputy::sts
