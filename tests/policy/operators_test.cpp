// Every operator, with every prefix and suffix, over a table of awkward values: the engine against code as plain as
// section C, which shares nothing with it.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "policy/compiled.h"
#include "policy/evaluate.h"
#include "policy/operators.h"

namespace deputy::policy {
namespace {

using Strings = std::vector<std::string>;

const Strings kValues = {"",
                         " ",
                         "a",
                         "A",
                         "b",
                         "abc",
                         "ABC",
                         "a*",
                         "*",
                         "**",
                         "?",
                         "??",
                         "a?c",
                         "*c",
                         "a*c",
                         "true",
                         "TRUE",
                         "False",
                         "truex",
                         "0",
                         "-0",
                         "00",
                         "1",
                         "+1",
                         "-1",
                         "01",
                         "1.0",
                         "1.50",
                         "1.5",
                         ".5",
                         "5.",
                         "1e3",
                         "1000",
                         "1E-1",
                         "0.1",
                         "1e",
                         "0x10",
                         "9007199254740993",
                         "9007199254740992",
                         "2026",
                         "2026-01-31",
                         "2026-01-31T00:00:00Z",
                         "2026-01-31T02:00:00+02:00",
                         "2026-01-31T10:00Z",
                         "2026-02-30",
                         "1769817600",
                         "10.0.0.1",
                         "10.0.0.0/8",
                         "10.9.9.9/8",
                         "0.0.0.0/0",
                         "10.0.0.1/33",
                         "010.0.0.1",
                         "10.0.0",
                         "::1",
                         "0:0:0:0:0:0:0:1",
                         "::/0",
                         "2001:db8::/32",
                         "2001:DB8::5",
                         "::ffff:10.0.0.1",
                         "arn:aws:s3:::b",
                         "arn:aws:s3:::b/c:d",
                         "arn:aws:s3:::*",
                         "arn:aws:*:::b",
                         "arn:*:s3:::?",
                         "arn:aws:s3:*",
                         "arn:aws:iam::111111111111:user/a",
                         "arn:aws:iam::*:user/*",
                         "QQ==",
                         "QUI=",
                         "QQ=",
                         "\xc3\xa9",
                         "\xc3\x89",
                         "a\xc3\xa9z"};

// ---- what the specification says, as slow as it is plain ----

Strings characters(const std::string& text) {
  Strings out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = (static_cast<unsigned char>(text[i]) & 0xE0) == 0xC0 ? 2 : 1;
    out.push_back(text.substr(i, length));
    i += length;
  }
  return out;
}

bool like(const Strings& pattern, std::size_t p, const Strings& text, std::size_t t) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == "*") return like(pattern, p + 1, text, t) || (t < text.size() && like(pattern, p, text, t + 1));
  return t < text.size() && (pattern[p] == "?" || pattern[p] == text[t]) && like(pattern, p + 1, text, t + 1);
}
bool like(const std::string& pattern, const std::string& text) {
  return like(characters(pattern), 0, characters(text), 0);
}

std::string small_letters(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  for (std::size_t at = text.find("\xc3\x89"); at != std::string::npos; at = text.find("\xc3\x89"))
    text[at + 1] = '\xa9';
  return text;
}

std::optional<long double> number(const std::string& text) {
  static const std::regex kForm(R"([+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)");
  if (!std::regex_match(text, kForm)) return std::nullopt;
  return std::strtold(text.c_str(), nullptr);
}

std::optional<long double> instant(const std::string& text) {
  static const std::regex kEpoch("-?[0-9]+");
  static const std::regex kDate(
      R"(([0-9]{4})(-([0-9]{2})(-([0-9]{2})(T([0-9]{2}):([0-9]{2})(:([0-9]{2}))?(Z|\+02:00))?)?)?)");
  std::smatch m;
  if (std::regex_match(text, m, kDate)) {
    const auto part = [&](std::size_t i, int absent) { return m[i].matched ? std::stoi(m[i].str()) : absent; };
    std::tm tm{};
    tm.tm_year = part(1, 0) - 1900;
    tm.tm_mon = part(3, 1) - 1;
    tm.tm_mday = part(5, 1);
    tm.tm_hour = part(7, 0);
    tm.tm_min = part(8, 0);
    tm.tm_sec = part(10, 0);
    const int day = tm.tm_mday;
    const long double seconds = static_cast<long double>(timegm(&tm));
    if (tm.tm_mday != day) return std::nullopt;  // 30 February
    return seconds - (m[11] == "+02:00" ? 7200 : 0);
  }
  if (!std::regex_match(text, kEpoch)) return std::nullopt;
  const long double seconds = std::strtold(text.c_str(), nullptr);
  if (seconds > 9223372036854775807.0L) return std::nullopt;
  return seconds;
}

struct Net {
  std::string bits;  // of '0' and '1'
  std::size_t length;
};
std::optional<Net> net(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  std::array<unsigned char, 16> bytes{};
  std::size_t size = 0;
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) size = 4;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) size = 16;
  if (size == 0) return std::nullopt;
  Net out{{}, size * 8};
  for (std::size_t i = 0; i < size * 8; ++i) out.bits += (bytes[i / 8] >> (7 - i % 8) & 1) != 0 ? '1' : '0';
  if (slash != std::string::npos) out.length = std::stoul(text.substr(slash + 1));
  if (out.length > size * 8) return std::nullopt;
  return out;
}

std::optional<Strings> arn(const std::string& text) {
  Strings fields(1);
  for (const char c : text) {
    if (c == ':' && fields.size() < 6) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (fields.size() < 6) return std::nullopt;
  return fields;
}

bool arn_like(const std::string& wanted, const std::string& have) {
  if (wanted.find_first_not_of('*') == std::string::npos && !wanted.empty()) return true;
  const auto pattern = arn(wanted);
  const auto value = arn(have);
  if (!pattern || !value || value->front() != "arn") return false;
  for (std::size_t i = 0; i < 6; ++i) {
    if (!like((*pattern)[i], (*value)[i])) return false;
  }
  return true;
}

bool is_base64(const std::string& text) {
  static const std::regex kForm("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?");
  return std::regex_match(text, kForm);
}

template <class Read, class Holds>
auto both(Read read, Holds holds) {
  return [=](const std::string& wanted, const std::string& have) {
    const auto right = read(wanted);
    const auto left = read(have);
    return left && right && holds(*left, *right);
  };
}

/// Whether a request value fits a policy value, negation left aside.
std::function<bool(const std::string& wanted, const std::string& have)> comparison(const std::string& name) {
  const auto starts = [&](const char* with) { return name.rfind(with, 0) == 0; };
  if (name == "StringEquals" || name == "StringNotEquals") return std::equal_to<std::string>();
  if (name == "StringEqualsIgnoreCase" || name == "StringNotEqualsIgnoreCase")
    return [](const auto& wanted, const auto& have) { return small_letters(wanted) == small_letters(have); };
  if (name == "StringLike" || name == "StringNotLike") return [](const auto& w, const auto& h) { return like(w, h); };
  if (starts("Arn")) return arn_like;
  if (name == "Bool")
    return [](const auto& w, const auto& h) {
      return small_letters(w) == small_letters(h) && (small_letters(w) == "true" || small_letters(w) == "false");
    };
  if (name == "BinaryEquals") return [](const auto& w, const auto& h) { return w == h && is_base64(w); };
  if (name == "IpAddress" || name == "NotIpAddress")
    return [](const auto& w, const auto& h) {
      const auto range = net(w);
      const auto address = h.find('/') == std::string::npos ? net(h) : std::nullopt;
      return range && address && range->bits.size() == address->bits.size() &&
             range->bits.compare(0, range->length, address->bits, 0, range->length) == 0;
    };
  const auto less = [](long double l, long double r) { return l < r; };
  const auto read = starts("Date") ? instant : number;
  if (name.ends_with("LessThan")) return both(read, less);
  if (name.ends_with("GreaterThan")) return both(read, [](long double l, long double r) { return l > r; });
  if (name.ends_with("LessThanEquals")) return both(read, [](long double l, long double r) { return l <= r; });
  if (name.ends_with("GreaterThanEquals")) return both(read, [](long double l, long double r) { return l >= r; });
  return both(read, [](long double l, long double r) { return l == r; });
}

/// Values by their places in kValues, and which fits which.
using Places = std::vector<std::size_t>;
using Matrix = std::vector<std::vector<bool>>;

Matrix fits_of(const std::string& name) {
  const auto fits = comparison(name);
  Matrix matrix(kValues.size(), std::vector<bool>(kValues.size()));
  for (std::size_t w = 0; w < kValues.size(); ++w) {
    for (std::size_t h = 0; h < kValues.size(); ++h) matrix[w][h] = fits(kValues[w], kValues[h]);
  }
  return matrix;
}

/// Section C in one function.
bool expected(const std::string& prefix, const std::string& name, bool if_exists, const Matrix& fits,
              const Places& wanted, const Places& have) {
  if (name == "Null") {
    for (const std::size_t w : wanted) {
      if (small_letters(kValues[w]) == (have.empty() ? "true" : "false")) return true;
    }
    return false;
  }
  const bool negated = name.find("Not") != std::string::npos;
  if (have.empty()) {
    if (if_exists || prefix == "ForAllValues:") return true;
    return prefix.empty() && negated;
  }
  std::size_t matching = 0;
  bool only_empty = true;
  for (const std::size_t h : have) {
    matching += std::any_of(wanted.begin(), wanted.end(), [&](std::size_t w) { return fits[w][h]; }) ? 1 : 0;
    only_empty = only_empty && kValues[h].empty();
  }
  if (prefix == "ForAllValues:") return only_empty || (negated ? matching == 0 : matching == have.size());
  if (prefix == "ForAnyValue:") return negated ? matching < have.size() : matching > 0;
  return negated ? matching == 0 : matching > 0;
}

// ---- the engine ----

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

struct Asked {
  CompiledPolicyPtr policy;

  Asked(const std::string& op, const Places& wanted) {
    std::string list;
    for (const std::size_t w : wanted) list += (list.empty() ? "" : ",") + quoted(kValues[w]);
    auto compiled = compile(*parse(R"({"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*",
        "Condition":{)" + quoted(op) + R"(:{"x:key":[)" +
                                       list + "]}}}}",
                                   Kind::kIdentity),
                            Kind::kIdentity);
    EXPECT_TRUE(compiled) << op;
    policy = *compiled;
  }
  [[nodiscard]] bool matches(const Places& have) const {
    std::vector<std::string_view> values;
    for (const std::size_t h : have) values.emplace_back(kValues[h]);
    Context context;
    context.set("x:key", values);
    const Request request{.principal = {.type = PrincipalType::kUser,
                                        .arn = "arn:aws:iam::111111111111:user/a",
                                        .account = "111111111111",
                                        .unique_id = "AIDAAAAAAAAAAAAAAAAA1"},
                          .action = Action("a:b"),
                          .resource = "*",
                          .resource_account = "111111111111",
                          .context = &context};
    const CompiledPolicy* set[] = {policy.get()};
    return decide({.identity = set}, request).allowed();
  }
};

std::string show(const Places& values) {
  std::string out = "[";
  for (const std::size_t v : values) out += quoted(kValues[v]) + " ";
  return out + "]";
}

void check_operator(const std::string& prefix, const std::string& name, bool if_exists, const Matrix& fits) {
  const std::string op = prefix + name + (if_exists ? "IfExists" : "");
  const auto check = [&](const Asked& asked, const Places& wanted, const Places& have) {
    ASSERT_EQ(asked.matches(have), expected(prefix, name, if_exists, fits, wanted, have))
        << op << " " << show(wanted) << " of " << show(have);
  };
  for (std::size_t i = 0; i < kValues.size(); ++i) {
    const Places one = {i};
    const Places two = {i, (i * 7 + 3) % kValues.size()};
    for (const Places& wanted : {one, two}) {
      if (wanted.size() > 1 && i % 4 != 0) continue;
      const Asked asked(op, wanted);
      check(asked, wanted, {});
      for (std::size_t h = 0; h < kValues.size(); ++h) {
        check(asked, wanted, {h});
        check(asked, wanted, {h, (h * 5 + i) % kValues.size()});
      }
    }
  }
  const Asked nothing(op, {});
  for (const Places& have : {Places{}, Places{0}, Places{2}}) check(nothing, {}, have);
}

TEST(OperatorsTest, EveryOperatorAgreesWithTheSpecificationOnAwkwardValues) {
  std::size_t operators = 0;
  for (const std::string_view known : operator_names()) {
    const std::string name(known);
    const Matrix fits = fits_of(name);
    for (const char* prefix : {"", "ForAnyValue:", "ForAllValues:"}) {
      for (const bool if_exists : {false, true}) {
        if (name == "Null" && (*prefix != 0 || if_exists)) continue;
        check_operator(prefix, name, if_exists, fits);
        if (HasFatalFailure()) return;
        ++operators;
      }
    }
  }
  EXPECT_EQ(operators, 26U * 6 + 1);
}

TEST(OperatorsTest, NoOtherSpellingIsAnOperator) {
  for (const std::string_view known : operator_names()) {
    const std::string name(known);
    EXPECT_TRUE(find_operator(name));
    for (const std::string& wrong :
         {name + "s", name.substr(1), name + " ", " " + name, "ForAnyValue" + name, "ForAnyValue::" + name,
          "ForSomeValues:" + name, name + "Ifexists", name + "IfExistsIfExists", small_letters(name)}) {
      EXPECT_FALSE(find_operator(wrong)) << wrong;
    }
  }
}

}  // namespace
}  // namespace deputy::policy
