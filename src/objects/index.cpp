#include "objects/index.h"

#include <pthread.h>

#include "host/guarded.h"
#include "objects/answers.h"
#include "objects/listing.h"

namespace deputy::objects {

Index::Index(Read read, const Limits& limits)
    : read_(std::move(read)), most_threads_(limits.reads.at_once), memory_(limits.remembered), queue_(limits.reads) {}

Index::~Index() { stop(); }

void Index::stop() {
  std::optional<Queue> dropped;  // its jobs go without the lock: with them goes what they answer
  std::vector<std::thread> ending;
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(queue_);
    ending.swap(threads_);
  }
  wake_.notify_all();
  for (std::thread& thread : ending) thread.join();
}

std::optional<Seen> Index::remembered(const Looks& looks) {
  Seen seen;
  seen.answers.reserve(looks.size());
  for (const Look& look : looks) {
    const auto* of = std::get_if<OfKey>(&look);
    if (of == nullptr) return std::nullopt;
    auto versions = memory_.find(*of);
    if (!versions) return std::nullopt;
    seen.answers.emplace_back(*std::move(versions));
  }
  seen.asked = looks;
  return seen;
}

void Index::read(const AccountId& account, Looks looks, Done done) {
  std::optional<Job> refused;
  {
    const std::lock_guard lock(mutex_);
    Job job{std::move(looks), std::move(done)};
    if (!queue_) return;
    refused = queue_->add(account, std::move(job));
    if (idle_ < queue_->waiting() && threads_.size() < most_threads_) threads_.emplace_back([this] { loop(); });
  }
  wake_.notify_one();
  if (refused) refused->done(Fault{Fault::Kind::kBusy, "too many questions wait for the store"});
}

std::optional<Index::Queue::Turn> Index::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!queue_) return std::nullopt;
    if (auto turn = queue_->next()) return turn;
    ++idle_;
    wake_.wait(lock);
    --idle_;
  }
}

void Index::loop() {
  pthread_setname_np(pthread_self(), "objects");
  while (auto turn = take()) {
    guarded("an answer on what a bucket holds", [&] { turn->job.done(seen(std::move(turn->job.looks))); });
    turn->job = {};
    const std::lock_guard lock(mutex_);
    if (!queue_) return;
    queue_->done(turn->account);
    if (idle_ > 0 && queue_->waiting() > 0) wake_.notify_one();  // the account may have another place now
  }
}

Result<Seen> Index::seen(Looks looks) {
  Seen all;
  all.answers.reserve(looks.size());
  for (const Look& look : looks) {
    TRY(Answer answer, answer_to(look));
    all.answers.push_back(std::move(answer));
  }
  all.asked = std::move(looks);
  return all;
}

Result<Answer> Index::answer_to(const Look& look) {
  if (const auto* of = std::get_if<OfKey>(&look)) {
    if (auto versions = memory_.find(*of)) return Answer(*std::move(versions));  // another one has read it meanwhile
    const std::uint64_t epoch = memory_.epoch();
    TRY(const VersionsAt at, read_versions(*of, read_));
    if (of->without.empty()) memory_.learn(*of, at, epoch);  // else what is behind the newest is not what it says
    return Answer(answer(at, of->version));
  }
  if (const auto* listing = std::get_if<Listing>(&look)) {
    TRY(Listed listed, read_listing(*listing, read_));
    return Answer(std::move(listed));
  }
  if (const auto* upload = std::get_if<OfUpload>(&look)) {
    TRY(UploadSeen found, read_upload(*upload, read_));
    return Answer(std::move(found));
  }
  TRY(const bool empty, read_emptiness(std::get<Emptiness>(look), read_));
  return Answer(empty);
}

void Index::committed(Revision revision, std::span<const directory::Reading> readings) {
  memory_.committed(revision, readings);
}
void Index::forget() { memory_.forget(); }

}  // namespace deputy::objects
