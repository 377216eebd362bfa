// Text to Document: JSON, the elements and their types, operator names. Whether the elements fit the policy type is
// validate()'s business. [L-1 to L-13]
#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "policy/document.h"
#include "policy/json.h"
#include "policy/operators.h"
#include "policy/text.h"
#include "policy/wording.h"

namespace deputy::policy {
namespace {

constexpr std::array<std::string_view, 3> kTopElements = {"Version", "Id", "Statement"};
enum StatementElement : std::uint8_t {
  kSid,
  kEffect,
  kPrincipal,
  kNotPrincipal,
  kAction,
  kNotAction,
  kResource,
  kNotResource,
  kCondition,
  kElements
};
constexpr std::array<std::string_view, kElements> kStatementElements = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"};
constexpr std::array<std::string_view, 4> kPrincipalTypes = {"AWS", "Service", "Federated", "CanonicalUser"};

/// Names seen in one object, so that none comes twice [L-10]; condition keys ignore case.
class Seen {
 public:
  /// False if it was there. Linear for the few names of an ordinary object. Borrows the name.
  bool add(std::string_view name) {
    if (count_ < few_.size()) {
      for (std::size_t i = 0; i < count_; ++i) {
        if (same_ignoring_case(few_[i], name)) return false;
      }
      few_[count_++] = name;
      return true;
    }
    if (many_.empty()) {
      for (const std::string_view other : few_) many_.insert(fold(other));
    }
    return many_.insert(fold(name)).second;
  }

 private:
  std::array<std::string_view, 16> few_;
  std::size_t count_ = 0;
  std::set<std::string> many_;
};

class Parser {
 public:
  Parser(std::string_view text, Kind kind)
      : kind_(kind),
        kept_(std::make_shared<Arena>(text.size())),
        nodes_(std::make_shared<Arena>(text.size() * 2)),
        text_(kept_->copy(text)),
        in_(text_) {}

  Result<Document, Problem> parse() {
    Document document;
    if (!top(document)) return problem();
    document.source = text_;
    document.text = std::move(kept_);
    document.nodes = std::move(nodes_);
    return document;
  }

 private:
  bool fail(Fault fault, std::string_view value, std::string detail, Position at) {
    if (!failed_) {
      failed_ = true;
      fault_ = fault;
      value_ = value;
      detail_ = std::move(detail);
      at_ = at;
    }
    return false;
  }
  /// Something else stands where `what` must stand, or the JSON is broken there.
  bool expected(std::string_view what, Fault fault = Fault::kStructure) {
    return fail(fault, {}, "Here must stand " + std::string(what) + ".", in_.here());
  }
  bool twice(std::string_view name, Position at) {
    return fail(Fault::kJson, name, "\"" + std::string(name) + "\" stands here for the second time.", at);
  }

  Problem problem() {
    if (!is_json(text_)) fault_ = Fault::kJson;
    return Problem{wording(kind_, fault_, value_), std::move(detail_), at_};
  }

  /// `member(name, position)` for each member of an object.
  template <class Member>
  bool object(std::string_view what, Fault fault, Member member) {
    if (!in_.enter('{')) return expected(what, fault);
    if (in_.accept('}')) return in_.leave(), true;
    do {
      const Position at = in_.here();
      std::string_view name;
      if (!in_.string(name)) return expected("a name in quotes", Fault::kJson);
      if (!member(name, at)) return false;
    } while (in_.accept(','));
    in_.leave();
    return in_.accept('}') || expected("a comma or }", Fault::kJson);
  }
  bool colon() { return in_.accept(':') || expected("a colon", Fault::kJson); }

  /// `member()` for each value: of an array, or the one value.
  template <class Member>
  bool one_or_many(Member member) {
    if (in_.peek() != '[') return member();
    if (!in_.enter('[')) return expected("less nesting", Fault::kJson);
    if (in_.accept(']')) return in_.leave(), true;
    do {
      if (!member()) return false;
    } while (in_.accept(','));
    in_.leave();
    return in_.accept(']') || expected("a comma or ]", Fault::kJson);
  }

  /// A string that was just read, where it stays: nearly always in the source itself.
  std::string_view keep(std::string_view read) {
    const std::less<const char*> before;
    const bool in_source = !before(read.data(), text_.data()) && before(read.data(), text_.data() + text_.size());
    return in_source ? read : kept_->copy(read);
  }
  bool text(Text& out, std::string_view what, Fault fault) {
    out.position = in_.here();
    std::string_view value;
    if (!in_.string(value)) return expected(what, fault);
    out.value = keep(value);
    out.end = in_.offset();
    return true;
  }
  bool plain(std::string_view& out, std::string_view what) {
    std::string_view value;
    if (!in_.string(value)) return expected(what);
    out = keep(value);
    return true;
  }
  /// A list of texts, or one.
  bool texts(std::span<const Text>& out, std::string_view what, Fault fault, bool skips_null) {
    texts_.clear();
    const bool list = in_.peek() == '[';
    const bool good = one_or_many([&] {
      if (list && skips_null && in_.null()) return true;
      return text(texts_.emplace_back(), what, fault);
    });
    out = nodes_->copy(texts_);
    return good;
  }

  bool top(Document& document) {
    std::uint8_t seen = 0;
    const bool good = object("a policy, an object", Fault::kStructure, [&](std::string_view name, Position at) {
      const auto i =
          static_cast<unsigned>(std::find(kTopElements.begin(), kTopElements.end(), name) - kTopElements.begin());
      if (i == kTopElements.size()) return unknown(name, "a policy", kTopElements, at);
      if ((seen >> i & 1U) != 0) return twice(name, at);
      seen = static_cast<std::uint8_t>(seen | 1U << i);
      if (!colon()) return false;
      if (i == 0) return version(document);
      return i == 1 ? plain(document.id, "a string") : statements(document);
    });
    if (!good) return false;
    if (!in_.at_end()) return expected("the end of the document", Fault::kJson);
    if ((seen & 4U) == 0) return fail(Fault::kMissingStatement, {}, "The policy has no Statement.", {0, 1, 1});
    return true;
  }

  bool unknown(std::string_view name, std::string_view what, std::span<const std::string_view> known, Position at) {
    return fail(Fault::kUnknownField, name,
                "\"" + std::string(name) + "\" is no element of " + std::string(what) + "." + suggestion(name, known),
                at);
  }

  bool version(Document& document) {
    const Position at = in_.here();
    if (!plain(document.version, "a version in quotes")) return false;
    if (document.version == "2012-10-17" || document.version == "2008-10-17") return true;
    return fail(Fault::kVersion, document.version,
                "\"" + std::string(document.version) + "\" is no version of the policy language; it is \"2012-10-17\".",
                at);
  }

  bool statements(Document& document) {
    const Position at = in_.here();
    std::vector<Statement> statements;
    const bool good = one_or_many([&] { return statement(statements.emplace_back()); });
    document.statements = nodes_->copy(statements);
    if (good && document.statements.empty()) return fail(Fault::kEmptyStatement, {}, "Statement is empty.", at);
    return good;
  }

  bool statement(Statement& s) {
    s.position = in_.here();
    unsigned seen = 0;
    const bool good = object("a statement, an object", Fault::kStructure, [&](std::string_view name, Position at) {
      const auto i = static_cast<unsigned>(std::find(kStatementElements.begin(), kStatementElements.end(), name) -
                                           kStatementElements.begin());
      if (i == kElements) return unknown(name, "a statement", kStatementElements, at);
      if ((seen >> i & 1U) != 0) return twice(name, at);
      seen |= 1U << i;
      return colon() && element(s, static_cast<StatementElement>(i)) && not_both(seen, at);
    });
    s.end = in_.offset();
    return good;
  }

  bool not_both(unsigned seen, Position at) {
    for (const unsigned i : {kPrincipal, kAction, kResource}) {
      if ((seen >> i & 3U) == 3U) {
        const std::string_view name = kStatementElements[i];
        return fail(Fault::kStructure, {},
                    std::string("A statement has either ").append(name).append(" or Not").append(name).append("."), at);
      }
    }
    return true;
  }

  bool element(Statement& s, StatementElement element) {
    switch (element) {
      case kSid:
        return plain(s.sid, "a string");
      case kEffect:
        return effect(s);
      case kPrincipal:
      case kNotPrincipal:
        s.has_principal = true;
        s.not_principal = element == kNotPrincipal;
        return principals(s);
      case kAction:
      case kNotAction:
        s.has_action = true;
        s.not_action = element == kNotAction;
        return texts(s.actions, "an action in quotes", Fault::kAction, false);
      case kResource:
      case kNotResource:
        s.has_resource = true;
        s.not_resource = element == kNotResource;
        return texts(s.resources, "a resource in quotes", Fault::kResource, true);  // AWS takes null in a list [W-5]
      default:
        return conditions(s);
    }
  }

  bool effect(Statement& s) {
    const Position at = in_.here();
    if (!plain(s.effect, "\"Allow\" or \"Deny\"")) return false;
    s.allow = s.effect == "Allow";
    if (s.effect.empty()) return fail(Fault::kStructure, {}, "Effect is empty.", at);
    return true;
  }

  bool principals(Statement& s) {
    principals_.clear();
    const bool good = principal_types();
    s.principals = nodes_->copy(principals_);
    return good;
  }

  bool principal_types() {
    if (in_.peek() == '"') {
      PrincipalElement& everybody = principals_.emplace_back();
      everybody.kind = PrincipalKind::kEverybody;
      if (!text(everybody.text, "a principal", Fault::kPrincipal)) return false;
      if (everybody.text.value == "*") return true;
      return fail(Fault::kPrincipal, everybody.text.value, "A principal that is a plain string can only be \"*\".",
                  everybody.text.position);
    }
    std::uint8_t seen = 0;
    return object("\"*\" or an object", Fault::kStructure, [&](std::string_view name, Position at) {
      const auto i = static_cast<unsigned>(std::find(kPrincipalTypes.begin(), kPrincipalTypes.end(), name) -
                                           kPrincipalTypes.begin());
      if (i == kPrincipalTypes.size()) return unknown(name, "a principal", kPrincipalTypes, at);
      if ((seen >> i & 1U) != 0) return twice(name, at);
      seen = static_cast<std::uint8_t>(seen | 1U << i);
      return colon() && one_or_many([&] {
               PrincipalElement& principal = principals_.emplace_back();
               principal.kind = static_cast<PrincipalKind>(i);
               return text(principal.text, "a principal in quotes", Fault::kPrincipal);
             });
    });
  }

  bool conditions(Statement& s) {
    Seen operators;
    conditions_.clear();
    const bool good = object("an object of operators", Fault::kStructure, [&](std::string_view name, Position at) {
      const std::string_view op = keep(name);
      if (!operators.add(op)) return twice(op, at);
      return colon() && condition_keys(op, at);
    });
    s.conditions = nodes_->copy(conditions_);
    return good;
  }

  bool condition_keys(std::string_view op, Position at) {
    Seen keys;
    bool known = false;
    return object("an object of condition keys", Fault::kStructure, [&](std::string_view name, Position key_at) {
      // An unknown operator is an error only if it has a key. [W-5]
      if (!known && !find_operator(op)) {
        return fail(Fault::kOperator, op,
                    "\"" + std::string(op) + "\" is no condition operator." + operator_suggestion(op), at);
      }
      known = true;
      const std::string_view key = keep(name);
      if (!keys.add(key)) return twice(key, key_at);
      conditions_.push_back({op, key, {}, key_at});
      return colon() && condition_values(conditions_.back());
    });
  }

  bool condition_values(ConditionEntry& entry) {
    values_.clear();
    const bool list = in_.peek() == '[';
    const bool good = one_or_many([&] {
      if (list && in_.null()) return true;  // [L-11]
      std::string_view value;
      if (!in_.scalar(value)) return expected("a string, a number, true or false");
      values_.push_back(keep(value));
      return true;
    });
    entry.values = nodes_->copy(values_);
    return good;
  }

  Kind kind_;
  std::shared_ptr<Arena> kept_, nodes_;
  std::string_view text_;
  JsonReader in_;
  // The lists of the statement that is being read.
  std::vector<Text> texts_;
  std::vector<PrincipalElement> principals_;
  std::vector<ConditionEntry> conditions_;
  std::vector<std::string_view> values_;
  bool failed_ = false;
  Fault fault_ = Fault::kStructure;
  std::string value_;
  std::string detail_;
  Position at_;
};

}  // namespace

Result<Document, Problem> parse(std::string_view json, Kind kind, std::size_t most) {
  if (json.size() > most) {
    return Problem{
        wording(kind, Fault::kJson, {}), "The document is longer than " + std::to_string(most) + " bytes.", {}};
  }
  return Parser(json, kind).parse();
}

namespace {

/// Calls `keep(run)` for each run of JSON without white space outside of strings.
template <class Keep>
void for_each_kept_run(std::string_view json, Keep keep) {
  std::size_t begin = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      keep(json.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  keep(json.substr(begin));
}

}  // namespace

std::size_t size_without_white_space(std::string_view json) {
  std::size_t size = 0;
  for_each_kept_run(json, [&](std::string_view run) { size += run.size(); });
  return size;
}

std::string without_white_space(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for_each_kept_run(json, [&](std::string_view run) { out += run; });
  return out;
}

}  // namespace deputy::policy
