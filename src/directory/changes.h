// What an operation wants written, with the guards that make it safe against everybody else who writes: the value that
// a service returns and state/ commits.
//
//   Changes changes;
//   changes.create(role);                 // refused (conflict) if the name was taken meanwhile
//   changes.update(role_after);           // refused if anybody wrote the role since the snapshot was read
//   changes.erase(role);                  // the same
//   changes.require_unchanged(user);      // only a guard
//
// Errors do not happen here: a conflict shows at the commit, and the pipeline decides and executes again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "directory/entities.h"
#include "directory/last_use.h"
#include "directory/objects.h"
#include "directory/organization.h"

namespace deputy::directory {

class Changes {
 public:
  struct Guard {
    std::string key;
    Revision revision;  // 0: absent
  };
  struct Write {
    std::string key;
    std::optional<std::string> value;  // nullopt: delete
  };

  template <class Entity>
  void create(const Entity& entity);
  /// `entity.revision` is that of the entity that was read.
  template <class Entity>
  void update(const Entity& entity);
  template <class Entity>
  void erase(const Entity& entity);
  template <class Entity>
  void require_unchanged(const Entity& entity);
  /// For a rename: the entity moves from the key of `before` to its own; the new name must be free.
  template <class Entity>
  void rename(const Entity& before, const Entity& after);

  /// Guards that an access key id is used once in all accounts.
  void claim_access_key(std::string_view id);
  void release_access_key(std::string_view id);
  /// The same for account aliases.
  void claim_alias(std::string_view alias);
  void release_alias(std::string_view alias);
  /// For the operator: deletes what is set aside (Snapshot::unreadable), if it is still at that revision.
  void erase_unreadable(const std::string& key, Revision revision);
  /// For the operator: entries as they are in the store, as one commit beyond the size of a request's.
  static Changes of_entries(std::vector<Guard> guards, std::vector<Write> writes);
  /// Unguarded: the last one who writes it is right. It is forgotten with its key or role.
  void remember_use(std::string_view id, const LastUse& use);

  /// What buckets hold (objects.h), under a key of the store. `there`: the revision of the entry that was read under it;
  /// 0: none was.
  template <class Held>
  void put(std::string key, const Held& held, Revision there);
  void remove(std::string key, Revision there);
  void require(std::string key, Revision there) { guards_.push_back({std::move(key), there}); }
  /// Bytes that belong to no entry once this is written.
  void leave_unused(const UnusedBytes& unused);
  /// Refused (conflict) if there is any entry whose key begins so.
  void require_none_under(std::string prefix) { none_under_.push_back(std::move(prefix)); }

  /// For S3, which deletes a thousand keys at once: beyond the size of other requests.
  void allow_many() { bulk_ = true; }

  /// Also what `more` wants written, in the same commit. The two must not write the same entity.
  void append(Changes more);

  [[nodiscard]] bool empty() const { return writes_.empty(); }
  /// The operator's: so many together as no request may write (store.h).
  [[nodiscard]] bool is_bulk() const { return bulk_; }
  [[nodiscard]] const std::vector<Guard>& guards() const { return guards_; }
  [[nodiscard]] const std::vector<Write>& writes() const { return writes_; }
  [[nodiscard]] const std::vector<std::string>& none_under() const { return none_under_; }

 private:
  void claim(std::string key);
  void forget_use(std::string_view id);

  std::vector<Guard> guards_;
  std::vector<Write> writes_;
  std::vector<std::string> none_under_;
  bool bulk_ = false;
  friend class Draft;
};

}  // namespace deputy::directory
