#include "objects/listing.h"

#include <algorithm>

#include "base/prefix.h"
#include "host/log.h"
#include "objects/answers.h"

namespace deputy::objects {
namespace {

using directory::ObjectVersion;
using directory::Upload;
using What = Listing::What;

/// Entries that are read at once. A page with a delimiter begins small, since all of it may lie below one common prefix.
constexpr std::size_t kSmallestPage = 8, kFirstPage = 64, kLargestPage = 1001;
constexpr char kEndOfKey = '\0';  // in the store, behind a key that is followed by an id; no key has one

/// The first text behind `key` that a key can be.
std::string behind(std::string_view key) { return std::string(key).append(1, kEndOfKey + 1); }

/// An entry as it stands in the order of a listing: by key, and within a key by id.
struct Seat {
  std::string_view key, id;  // no id: the newest of its key
  const Entry* entry = nullptr;
};

/// The entries of one page, in turn.
class Row {
 public:
  Row() = default;
  Row(const Page& page, std::size_t root, bool has_ids) : page_(&page), root_(root), has_ids_(has_ids) {}

  [[nodiscard]] bool at_end() const { return page_ == nullptr || next_ == page_->entries.size(); }
  /// There are others that were not read.
  [[nodiscard]] bool is_cut() const { return page_ != nullptr && page_->more; }
  [[nodiscard]] Seat front() const { return seat(next_); }
  [[nodiscard]] Seat last() const { return seat(page_->entries.size() - 1); }
  [[nodiscard]] std::size_t size() const { return page_ == nullptr ? 0 : page_->entries.size(); }
  void pass() { ++next_; }

 private:
  [[nodiscard]] Seat seat(std::size_t i) const {
    const Entry& entry = page_->entries[i];
    Seat seat{std::string_view(entry.key).substr(root_), {}, &entry};
    if (!has_ids_) return seat;
    const std::size_t end = seat.key.rfind(kEndOfKey);
    if (end == std::string_view::npos) return seat;
    return {seat.key.substr(0, end), seat.key.substr(end + 1), &entry};
  }

  const Page* page_ = nullptr;
  std::size_t root_ = 0, next_ = 0;
  bool has_ids_ = false;
};

class Walk {
 public:
  Walk(const Listing& of, const Read& read, std::size_t most_visited)
      : of_(of),
        read_(read),
        most_visited_(most_visited),
        page_(of.delimiter.empty() ? kLargestPage : kFirstPage),
        newest_root_(of.what == What::kUploads ? std::string() : directory::objects_of(of.bucket)),
        others_root_(of.what == What::kUploads    ? directory::uploads_of(of.bucket)
                     : of.what == What::kVersions ? directory::versions_of(of.bucket)
                                                  : std::string()) {}

  Result<Listed> run() {
    if (of_.limit == 0) return std::move(listed_);
    TRY_VOID(begin());
    while (!complete_) {
      const std::vector<Range> wanted = ranges();
      TRY(const Moment moment, read_(wanted));
      take(moment);
    }
    return std::move(listed_);
  }

 private:
  /// Where it goes on: at the first key that is not before `key`; and, of `key` itself, behind `id` if there is one.
  struct Cursor {
    std::string key, id;
  };

  [[nodiscard]] std::size_t listed() const { return listed_.items.size() + listed_.common_prefixes.size(); }

  Result<void> begin() {
    at_.key = of_.prefix;
    if (of_.after_key.empty()) return {};
    Cursor marked{behind(of_.after_key), {}};
    if (const std::string_view common = common_prefix_of(of_.after_key); common == of_.after_key) {
      marked.key = end_of_prefix(common);
      complete_ = marked.key.empty();
    } else if (!others_root_.empty() && !of_.after_id.empty()) {
      TRY(const std::string id, id_of_marker());
      if (!id.empty()) marked = {of_.after_key, id};
    }
    if (marked.key >= at_.key) at_ = std::move(marked);
    if (const std::string end = end_of_prefix(of_.prefix); !end.empty() && at_.key >= end) complete_ = true;
    return {};
  }

  /// Empty: nothing of that key is behind it.
  Result<std::string> id_of_marker() const {
    if (of_.what != What::kVersions || of_.after_id != "null") return of_.after_id;
    TRY(const VersionsAt at, read_versions({of_.bucket, of_.after_key, "null"}, read_));
    const VersionPtr named = answer(at, "null").named;
    return named == nullptr ? std::string() : named->version;
  }

  /// The prefix that is asked for and what follows up to the delimiter; empty: the key stands for itself.
  [[nodiscard]] std::string_view common_prefix_of(std::string_view key) const {
    if (of_.delimiter.empty() || !key.starts_with(of_.prefix)) return {};
    const std::size_t found = key.find(of_.delimiter, of_.prefix.size());
    return found == std::string_view::npos ? std::string_view() : key.substr(0, found + of_.delimiter.size());
  }

  [[nodiscard]] std::vector<Range> ranges() const {
    const std::size_t some = std::min(page_, std::max(kSmallestPage, of_.limit - listed() + 1));
    std::vector<Range> ranges;
    for (const std::string* root : {&newest_root_, &others_root_}) {
      if (root->empty()) continue;
      ranges.push_back({*root + at_.key, end_of_prefix(*root + of_.prefix), some});
      if (root == &others_root_ && !at_.id.empty()) {
        ranges.back().from.append(1, kEndOfKey).append(at_.id).append(1, '\0');
      }
    }
    return ranges;
  }

  void take(const Moment& moment) {
    Row newest, others;
    if (!newest_root_.empty()) newest = Row(moment.pages.front(), newest_root_.size(), false);
    if (!others_root_.empty()) others = Row(moment.pages.back(), others_root_.size(), true);
    std::size_t looked_at = 0;
    const bool goes_on = list(newest, others, looked_at);
    visited_ += newest.size() + others.size();
    if (!goes_on) {
      complete_ = true;
      return;
    }
    advance(newest, others);
    adapt(looked_at, newest.size() + others.size());
    if (!complete_ && visited_ >= most_visited_) cut();
  }

  /// Lists what was read, as far as nothing that was not read comes before it. False: there is nothing more to list, or
  /// no room.
  bool list(Row& newest, Row& others, std::size_t& looked_at) {
    for (;;) {
      if (others.at_end() && others.is_cut()) return true;
      if (newest.at_end() && newest.is_cut() && (others.at_end() || others.front().key > newest.last().key))
        return true;
      if (newest.at_end() && others.at_end()) return false;
      const bool is_newest = !newest.at_end() && (others.at_end() || newest.front().key <= others.front().key);
      Row& row = is_newest ? newest : others;
      const Seat seat = row.front();
      if (hidden_.empty() || !seat.key.starts_with(hidden_)) {
        ++looked_at;
        if (!show(seat)) return false;
      }
      row.pass();
    }
  }

  /// False: there is no room for it.
  bool show(const Seat& seat) {
    const std::string_view common = common_prefix_of(seat.key);
    Listed::Item item;
    // A common prefix is shown for whatever is below it and would be listed.
    if (common.empty() || of_.what == What::kObjects || is_of_marker(seat)) {
      if (!read_item(seat, item)) return true;
      if (of_.what == What::kObjects && item.version->is_marker) return true;
    }
    if (listed() == of_.limit) {
      listed_.truncated = true;
      return false;
    }
    if (!common.empty()) {
      listed_.common_prefixes.emplace_back(common);
      hidden_ = common;
      came_last(common, {}, true);
      return true;
    }
    came_last(seat.key, item.version ? item.version->version : item.upload ? item.upload->id : std::string(), false);
    listed_.items.push_back(std::move(item));
    return true;
  }

  /// Of the key within which the listing goes on.
  [[nodiscard]] bool is_of_marker(const Seat& seat) const { return !at_.id.empty() && seat.key == at_.key; }

  /// False: it is not to be listed.
  bool read_item(const Seat& seat, Listed::Item& item) {
    if (of_.what == What::kUploads) {
      auto upload = decoded<Upload>(*seat.entry);
      if (!upload) return leave_out(upload.error());
      item.upload = std::move(upload).value();
      return true;
    }
    auto version = decoded<ObjectVersion>(*seat.entry);
    if (!version) return leave_out(version.error());
    // What is newer than that has had its turn, or came only now.
    if (seat.id.empty() && is_of_marker(seat) && (*version)->version <= at_.id) return false;
    (*version)->content = {};
    item.version = std::move(version).value();
    item.is_newest = seat.id.empty();
    return true;
  }

  static bool leave_out(const Fault& fault) {
    log::error("left out of a listing: {}", fault.message);
    return false;
  }

  void came_last(std::string_view key, std::string_view id, bool is_prefix) {
    listed_.last_key = key;
    listed_.last_id = id;
    listed_.last_is_prefix = is_prefix;
  }

  /// Behind all that was listed or passed over.
  void advance(const Row& newest, const Row& others) {
    const bool versions_follow = others.at_end() && others.is_cut();
    const Seat last = versions_follow ? others.last() : newest.last();
    if (!hidden_.empty() && last.key.starts_with(hidden_)) {
      at_ = {end_of_prefix(hidden_), {}};
      complete_ = at_.key.empty();
    } else if (versions_follow) {
      at_ = {std::string(last.key), std::string(last.id)};
    } else {
      at_ = {behind(last.key), {}};
    }
    passed_ = last.key;
  }

  /// What lies below a common prefix costs reading and shows nothing: the less of a page counted, the less is read next.
  void adapt(std::size_t looked_at, std::size_t read) {
    if (looked_at * 8 < read) {
      page_ = std::max(kSmallestPage, page_ / 4);
    } else if (looked_at * 4 >= read) {
      page_ = std::min(kLargestPage, page_ * 4);
    }
  }

  /// It has taken long enough: whoever asked goes on from here.
  void cut() {
    listed_.truncated = true;
    complete_ = true;
    if (!hidden_.empty() && passed_.starts_with(hidden_)) return came_last(hidden_, {}, true);
    came_last(passed_, at_.id, false);
  }

  const Listing& of_;
  const Read& read_;
  const std::size_t most_visited_;
  std::size_t page_, visited_ = 0;
  const std::string newest_root_, others_root_;  // of the store's keys; empty: none of these are listed
  Cursor at_;
  std::string hidden_;  // the common prefix that was shown last
  std::string passed_;  // the last key of what was read
  bool complete_ = false;
  Listed listed_;
};

}  // namespace

Result<Listed> read_listing(const Listing& of, const Read& read, std::size_t most_visited) {
  return Walk(of, read, most_visited).run();
}

}  // namespace deputy::objects
