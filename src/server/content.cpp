#include "server/content.h"

#include <algorithm>

#include "base/encoding.h"

namespace deputy::server {

using directory::ObjectVersion;
using directory::Piece;

namespace {

constexpr std::size_t kCopiedAtOnce = 1024 * 1024;

/// The bytes of a version, from the first to the last that is wanted. Pieces are opened when they are come to.
class Reader {
 public:
  Reader(objects::VersionPtr version, const blobs::Blobs& blobs) : version_(std::move(version)), blobs_(blobs) {}

  /// What lies at `offset` of the version.
  struct At {
    const Piece* piece;
    std::uint64_t offset;  // in the piece
  };
  [[nodiscard]] At at(std::uint64_t offset) {
    if (offset < begin_) index_ = begin_ = 0;
    const std::vector<Piece>& pieces = version_->pieces;
    while (offset - begin_ >= pieces[index_].size) begin_ += pieces[index_++].size;
    return {&pieces[index_], offset - begin_};
  }

  blobs::Result<const blobs::Content*> open(const Piece& piece) {
    if (open_ == &piece) return content_.get();
    TRY(content_, blobs_.open(piece.blob));
    if (content_->size() != piece.size) {
      return blobs::Fault{blobs::Fault::Kind::kBroken,
                          "the blob " + piece.blob + " has not the size that it was written with"};
    }
    open_ = &piece;
    return content_.get();
  }

  blobs::Result<void> read(std::uint64_t offset, std::span<char> into) {
    while (!into.empty()) {
      const At here = at(offset);
      const std::size_t count = std::min<std::uint64_t>(into.size(), here.piece->size - here.offset);
      if (here.piece->blob.empty()) {
        here.piece->content.copy(into.data(), count, here.offset);
      } else {
        TRY(const blobs::Content* const content, open(*here.piece));
        TRY(const std::size_t got, content->read(here.offset, into.first(count)));
        if (got != count)
          return blobs::Fault{blobs::Fault::Kind::kBroken, "the blob " + here.piece->blob + " ends early"};
      }
      offset += count;
      into = into.subspan(count);
    }
    return {};
  }

 private:
  const objects::VersionPtr version_;
  const blobs::Blobs& blobs_;
  std::size_t index_ = 0;    // of a piece, which begins at
  std::uint64_t begin_ = 0;  // this offset of the version
  const Piece* open_ = nullptr;
  std::shared_ptr<const blobs::Content> content_;  // of that one
};

class Stored final : public http::Source {
 public:
  Stored(const services::BodySent& bytes, const blobs::Blobs& blobs)
      : reader_(bytes.version, blobs), from_(bytes.offset), length_(bytes.length) {}

  [[nodiscard]] std::uint64_t size() const override { return length_; }
  Stretch stretch(std::uint64_t offset) override {
    const Reader::At here = reader_.at(from_ + offset);
    if (here.piece->blob.empty()) return {};
    const auto content = reader_.open(*here.piece);
    if (!content || (*content)->descriptor() < 0) return {};
    return {(*content)->descriptor(), here.offset, std::min(here.piece->size - here.offset, length_ - offset)};
  }
  bool read(std::uint64_t offset, std::span<char> into) override {
    const auto done = reader_.read(from_ + offset, into);
    if (!done) static_cast<void>(of_fault(done.error()));  // said to the operator; the client sees the connection end
    return done.ok();
  }
  /// The first of its bytes can be had.
  blobs::Result<void> begin() {
    const Piece& first = *reader_.at(from_).piece;
    if (first.blob.empty()) return {};
    TRY([[maybe_unused]] const blobs::Content* const content, reader_.open(first));
    return {};
  }

 private:
  Reader reader_;
  const std::uint64_t from_, length_;
};

/// A copy on its way.
class Copying final : public std::enable_shared_from_this<Copying> {
 public:
  Copying(const services::BodyCopied& bytes, Receiver receiver, const blobs::Blobs& blobs, Crew& crew,
          std::function<void(Result<Taken>)> done)
      : bytes_(bytes),
        reader_(bytes.version, blobs),
        receiver_(std::move(receiver)),
        crew_(crew),
        done_(std::move(done)) {}

  void work() {
    if (copied_ == bytes_.length) return done_(receiver_.finish());
    const std::size_t count = std::min<std::uint64_t>(kCopiedAtOnce, bytes_.length - copied_);
    const std::uint64_t from = bytes_.offset + copied_;
    copied_ += count;
    if (bytes_.version->pieces.empty()) {
      if (Result<void> taken = receiver_.take(std::string_view(bytes_.version->content).substr(from, count)); !taken) {
        return done_(std::move(taken).error());
      }
    } else {
      buffer_.resize(count);
      if (const auto read = reader_.read(from, buffer_); !read) return done_(of_fault(read.error()));
      if (Result<void> taken = receiver_.take(buffer_); !taken) return done_(std::move(taken).error());
    }
    crew_.run([self = shared_from_this()] { self->work(); });
  }

 private:
  const services::BodyCopied bytes_;
  Reader reader_;
  Receiver receiver_;
  Crew& crew_;
  const std::function<void(Result<Taken>)> done_;
  std::uint64_t copied_ = 0;
  std::string buffer_;
};

/// The MD5 that an ETag is, which it is not where an object was made of parts.
std::optional<std::string> md5_of(const ObjectVersion& version) {
  auto md5 = unhex(version.etag);
  return md5 && md5->size() == crypto::checksum_size(crypto::ChecksumAlgorithm::kMd5) ? std::move(md5) : std::nullopt;
}

/// The same bytes under a second name: of a whole object in one piece whose digests are known.
std::optional<Result<Taken>> linked(const services::BodyCopied& bytes, const services::BodyWanted& wanted,
                                    blobs::Blobs& blobs) {
  const ObjectVersion& from = *bytes.version;
  const bool is_whole = bytes.offset == 0 && bytes.length == from.size && from.pieces.size() == 1;
  if (!is_whole || from.pieces.front().blob.empty() || wanted.in_memory || from.size > wanted.most) return std::nullopt;
  const bool is_known = !from.checksum.composite && from.checksum.algorithm == crypto::name_of(wanted.checksum);
  auto md5 = md5_of(from);
  if (!md5 || !is_known) return std::nullopt;
  auto draft = blobs.link(from.pieces.front().blob);
  if (!draft) return std::nullopt;
  if (!*draft) return Result<Taken>(of_fault(draft->error()));
  Taken taken{.received = {}, .draft = std::move(*draft).value()};
  taken.received.size = from.size;
  taken.received.md5 = *std::move(md5);
  taken.received.checksum = from.checksum;
  taken.received.blob = taken.draft->name();
  return Result<Taken>(std::move(taken));
}

}  // namespace

Result<void> put_body(http::Response& response, const services::BodySent& bytes, const blobs::Blobs& blobs) {
  if (bytes.length == 0) return {};
  if (bytes.version->pieces.empty()) {
    response.body.assign(bytes.version->content, bytes.offset, bytes.length);
    return {};
  }
  auto source = std::make_shared<Stored>(bytes, blobs);
  if (const auto begun = source->begin(); !begun) return of_fault(begun.error());
  response.source = std::move(source);
  return {};
}

void copy(const services::BodyCopied& bytes, const services::BodyWanted& wanted, blobs::Blobs& blobs, Crew& crew,
          std::function<void(Result<Taken>)> done) {
  auto begun = std::make_shared<Copying>(bytes, Receiver::of_copy(wanted, blobs), blobs, crew, done);
  crew.run([bytes, wanted, &blobs, begun = std::move(begun), done = std::move(done)] {
    if (auto taken = linked(bytes, wanted, blobs)) return done(*std::move(taken));
    begun->work();
  });
}

}  // namespace deputy::server
