// Session tags: what a call passes, what its session inherits, what the next session will see. [T-9 to T-11]
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
#pragma once

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

/// `from` is the session of the caller; null for long-term keys.
/// Errors: InvalidParameterValue: duplicate key, transitive key that is no tag, an inherited key given again.
Result<SessionTags> session_tags(const directory::Session* from, const std::vector<shapes::Tag>& tags,
                                 const std::vector<std::string>& transitive_tag_keys);

}  // namespace deputy::sts
