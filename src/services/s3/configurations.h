// Configurations of a bucket that are kept and shown. What is put is a generated shape, checked and kept as the XML of
// that shape (directory::BucketConfiguration); what is shown is that XML again. So an operation is a row of facts: under
// which name, which permission, what S3 says where nothing was put, and what is checked.
//
//   using GetBucketCors = Show<kCors, shapes::GetBucketCors>;
//   using PutBucketCors = Keep<kCors, shapes::PutBucketCors, check_cors>;
//   using DeleteBucketCors = Remove<kCors, shapes::DeleteBucketCors>;
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/operation.h"
#include "services/operation.h"
#include "services/s3/common.h"

namespace deputy::s3 {

struct ConfigurationKind {
  std::string_view name;              // in the bucket; before "/<id>" where a bucket has several
  std::string_view reading, writing;  // the actions; deleting asks for the second, too
  Error (*absent)(std::string_view bucket) = nullptr;
  std::string_view otherwise = {};  // the document that is shown where nothing was put and `absent` is null
};

/// Configurations of one kind that a bucket may have, and the bytes of all that it has together.
inline constexpr std::size_t kMostOfAKind = 1'000;
inline constexpr std::size_t kMostConfigurationBytes = 1024UL * 1024;

/// Which configuration of which bucket.
struct ConfigurationPlace {
  std::string_view bucket;
  const std::optional<std::string>& expected_owner;
  std::string id = {};  // where a bucket has several

  template <class Input>
  static ConfigurationPlace of(const Input& in) {
    if constexpr (requires { in.id; }) {
      return {in.bucket, in.expected_bucket_owner, in.id};
    } else {
      return {in.bucket, in.expected_bucket_owner};
    }
  }
};

/// Fills the output of `operation`. Errors: those of find_bucket, and ConfigurationKind::absent.
Result<void> show(const services::At& at, const ConfigurationKind& kind, const ConfigurationPlace& place,
                  const protocol::Operation& operation, void* output);
/// The bucket as it is once the body of `input` is put; one with nothing in it removes the configuration.
/// Errors: MissingRequestBodyError, TooManyConfigurations, InvalidRequest.
Result<directory::Bucket> with_configuration(const directory::Bucket& bucket, const ConfigurationKind& kind,
                                             std::string_view id, const protocol::Operation& operation,
                                             const void* input);
directory::Bucket with_text(const directory::Bucket& bucket, const std::string& name, std::string text);
/// The same without it; nothing if there is none. Errors: ConfigurationKind::absent, where a bucket has several.
Result<std::optional<directory::Bucket>> without_configuration(const services::At& at, const ConfigurationKind& kind,
                                                               const ConfigurationPlace& place);
/// One page of all configurations of a kind, by their ids, into the list of `output`; the id to go on behind, if there are
/// more.
Result<std::optional<std::string>> list(const services::At& at, const ConfigurationKind& kind,
                                        const ConfigurationPlace& place, const std::optional<std::string>& token,
                                        const protocol::Operation& operation, void* output);

inline constexpr auto kUnchecked = [](const services::At&, const directory::Bucket&, auto&) -> Result<void> {
  return {};
};

template <const ConfigurationKind& kKind, class Shape>
struct Show : Shape {
  using typename Shape::Input, typename Shape::Output;
  static Result<services::Accesses> access(const services::At& at, const Input& in) {
    return on_bucket(at, kKind.reading, in);
  }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in) {
    services::Outcome<Output> outcome{};
    TRY_VOID(show(at, kKind, ConfigurationPlace::of(in), Shape::model, &outcome.output));
    return outcome;
  }
};

/// `kCheck` sees the bucket and the input, which it may complete: an ID that was left out.
template <const ConfigurationKind& kKind, class Shape, auto kCheck = kUnchecked>
struct Keep : Shape {
  using typename Shape::Input, typename Shape::Output;
  static Result<services::Accesses> access(const services::At& at, const Input& in) {
    return on_bucket(at, kKind.writing, in);
  }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in) {
    TRY(const directory::Bucket* bucket, find_bucket(at, in.bucket, in.expected_bucket_owner));
    Input completed = in;
    TRY_VOID(kCheck(at, *bucket, completed));
    const ConfigurationPlace place = ConfigurationPlace::of(in);
    TRY(const directory::Bucket after, with_configuration(*bucket, kKind, place.id, Shape::model, &completed));
    return services::written<Output>(after);
  }
};

template <const ConfigurationKind& kKind, class Shape>
struct Remove : Shape {
  using typename Shape::Input, typename Shape::Output;
  static Result<services::Accesses> access(const services::At& at, const Input& in) {
    return on_bucket(at, kKind.writing, in);
  }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in) {
    TRY(const std::optional<directory::Bucket> after, without_configuration(at, kKind, ConfigurationPlace::of(in)));
    return after ? services::written<Output>(*after) : services::Outcome<Output>{};
  }
};

template <const ConfigurationKind& kKind, class Shape>
struct List : Shape {
  using typename Shape::Input, typename Shape::Output;
  static Result<services::Accesses> access(const services::At& at, const Input& in) {
    return on_bucket(at, kKind.reading, in);
  }
  static Result<services::Outcome<Output>> execute(const services::At& at, const Input& in) {
    services::Outcome<Output> outcome{};
    Output& out = outcome.output;
    TRY(out.next_continuation_token,
        list(at, kKind, ConfigurationPlace::of(in), in.continuation_token, Shape::model, &out));
    out.is_truncated = out.next_continuation_token.has_value();
    out.continuation_token = in.continuation_token;
    return outcome;
  }
};

}  // namespace deputy::s3
