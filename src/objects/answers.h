// What is asked (look.h), read from the store. Everything that belongs to one answer but a listing is of one moment.
#pragma once

#include "objects/look.h"
#include "objects/pages.h"

namespace deputy::objects {

/// An entry as what it holds, with its revision. Error: kDamaged.
template <class Held>
Result<std::shared_ptr<Held>> decoded(const Entry& entry);

/// The versions of a key as they were at one revision of the store.
struct VersionsAt {
  VersionPtr newest, next;
  std::string id;    // of another version that was looked for; empty: none was
  VersionPtr of_id;  // that one; null: there is none
  Revision revision = 0;
};
Result<VersionsAt> read_versions(const OfKey& of, const Read& read);
/// What a client is told who named `version`: a version that shows as "null" goes by no other name.
Versions answer(const VersionsAt& at, std::string_view version);

Result<UploadSeen> read_upload(const OfUpload& of, const Read& read);
Result<bool> read_emptiness(const Emptiness& of, const Read& read);

}  // namespace deputy::objects
