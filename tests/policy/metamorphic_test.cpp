// What must not change a decision, and what may change it in one direction only; over every vector, every case of our
// own and random mixtures of their policies.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "policy/cases.h"
#include "policy/compiled.h"
#include "policy/json.h"
#include "policy/trace.h"

namespace deputy::policy::test {
namespace {

using Source = PolicyCase::Source;

/// A document taken apart so that its statements can be moved: each member's text, and the statements' texts.
struct Parts {
  std::string head;  // every member but Statement, each with a comma behind it
  std::vector<std::string> statements;

  explicit Parts(const std::string& json) {
    JsonReader in(json);
    (void)in.enter('{');
    do {
      const std::size_t begin = in.here().offset;
      std::string_view name;
      (void)in.string(name);
      const bool is_statement = name == "Statement";
      (void)in.accept(':');
      if (is_statement) {
        read_statements(json, in);
      } else {
        (void)in.skip();
        head += json.substr(begin, in.offset() - begin) + ",";
      }
    } while (in.accept(','));
  }
  [[nodiscard]] std::string with(const std::vector<std::string>& some) const {
    std::string out = "{" + head + "\"Statement\":[";
    for (std::size_t i = 0; i < some.size(); ++i) out += (i > 0 ? "," : "") + some[i];
    return out + "]}";
  }

 private:
  void read_statements(const std::string& json, JsonReader& in) {
    const bool list = in.peek() == '[';
    if (list) (void)in.enter('[');
    do {
      const std::size_t begin = in.here().offset;
      (void)in.skip();
      statements.push_back(json.substr(begin, in.offset() - begin));
    } while (list && in.accept(','));
    if (list) (void)in.accept(']');
  }
};

bool is_allow(const std::string& statement) { return statement.find("\"Allow\"") != std::string::npos; }

/// Every document of the case.
void each_document(Source& source, const std::function<void(std::string&)>& change) {
  const auto all = [&](std::vector<std::string>& documents) {
    std::for_each(documents.begin(), documents.end(), change);
  };
  all(source.identity);
  all(source.session);
  for (auto& level : source.scp) all(level);
  for (auto& level : source.rcp) all(level);
  for (auto* one : {&source.boundary, &source.resource_policy, &source.endpoint}) {
    if (*one) change(**one);
  }
}

/// All cases, and each with its policies joined by those of a case drawn at random: what no author thought of.
std::vector<Source> sources() {
  std::vector<Source> out;
  for (const char* file : {"vectors.json", "rules.json"}) {
    for (const auto& c : cases_of(file)) out.push_back(c->source);
  }
  const std::size_t written = out.size();
  std::mt19937 random(20260615);  // always the same cases
  for (std::size_t i = 0; i < 3 * written; ++i) {
    Source mixed = out[i % written];
    const Source& other = out[random() % written];
    mixed.name += " with " + other.name;
    const auto join = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    join(mixed.identity, other.identity);
    if (!mixed.session.empty()) join(mixed.session, other.session);
    if (random() % 2 == 0) mixed.boundary = other.boundary;
    if (random() % 2 == 0) mixed.endpoint = other.endpoint;
    if (random() % 4 == 0) mixed.scp = other.scp;
    if (random() % 4 == 0) mixed.rcp = other.rcp;
    if (mixed.resource_policy && other.resource_policy && mixed.resource_kind == other.resource_kind &&
        random() % 2 == 0) {
      const Parts ours(*mixed.resource_policy);
      Parts theirs(*other.resource_policy);
      join(theirs.statements, ours.statements);
      mixed.resource_policy = ours.with(theirs.statements);
    }
    for (const auto& [key, values] : other.context) {
      const auto same = [&](const auto& entry) { return entry.first == key; };
      if (std::none_of(mixed.context.begin(), mixed.context.end(), same)) mixed.context.emplace_back(key, values);
    }
    out.push_back(std::move(mixed));
  }
  return out;
}

std::string outcome(const Source& source) { return describe(decide(*build(source))); }
bool allows(const Source& source) { return decide(*build(source)).allowed(); }

TEST(MetamorphicTest, AddingADenyNeverGrants) {
  const std::string without = R"("Effect":"Deny","Action":["s3:*","sts:Assume*","kms:Decrypt"],"Resource":"*"})";
  const std::string identity = R"({"Version":"2012-10-17","Statement":[{)" + without + "]}";
  const std::string resource = R"({"Version":"2012-10-17","Statement":[{"Principal":"*",)" + without + "]}";
  for (const Source& source : sources()) {
    if (allows(source)) continue;
    std::vector<std::function<void(Source&)>> additions = {[&](Source& s) { s.identity.push_back(identity); },
                                                           [&](Source& s) {
                                                             if (!s.session.empty()) s.session.push_back(identity);
                                                           },
                                                           [&](Source& s) {
                                                             if (!s.scp.empty()) s.scp.front().push_back(identity);
                                                           },
                                                           [&](Source& s) {
                                                             if (!s.rcp.empty()) s.rcp.back().push_back(resource);
                                                           },
                                                           [&](Source& s) {
                                                             each_document(s, [&](std::string& document) {
                                                               const Parts parts(document);
                                                               std::vector<std::string> statements = parts.statements;
                                                               for (const std::string& statement : parts.statements) {
                                                                 std::string denied = statement;
                                                                 if (const std::size_t at = denied.find("\"Allow\"");
                                                                     at != std::string::npos)
                                                                   denied.replace(at, 7, "\"Deny\"");
                                                                 statements.push_back(denied);
                                                               }
                                                               document = parts.with(statements);
                                                             });
                                                           }};
    for (const auto& add : additions) {
      Source more = source;
      add(more);
      EXPECT_FALSE(allows(more)) << source.name;
    }
  }
}

TEST(MetamorphicTest, RemovingAnAllowNeverGrants) {
  for (const Source& source : sources()) {
    if (allows(source)) continue;
    Source less = source;
    each_document(less, [](std::string& document) {
      const Parts parts(document);
      std::vector<std::string> kept;
      // A document has at least one statement: one of another action takes the place of the last.
      std::copy_if(parts.statements.begin(), parts.statements.end(), std::back_inserter(kept),
                   [](const std::string& s) { return !is_allow(s); });
      if (!kept.empty()) document = parts.with(kept);
    });
    EXPECT_FALSE(allows(less)) << source.name;
    for (std::size_t i = 0; i < source.identity.size(); ++i) {
      Source without = source;
      const Parts parts(without.identity[i]);
      if (std::none_of(parts.statements.begin(), parts.statements.end(), is_allow)) continue;
      if (!std::all_of(parts.statements.begin(), parts.statements.end(), is_allow)) continue;
      without.identity.erase(without.identity.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(allows(without)) << source.name;
    }
  }
}

TEST(MetamorphicTest, ReorderingChangesNothing) {
  std::mt19937 random(1);
  for (const Source& source : sources()) {
    Source other = source;
    each_document(other, [&](std::string& document) {
      Parts parts(document);
      std::shuffle(parts.statements.begin(), parts.statements.end(), random);
      document = parts.with(parts.statements);
    });
    std::shuffle(other.identity.begin(), other.identity.end(), random);
    std::shuffle(other.session.begin(), other.session.end(), random);
    for (auto* levels : {&other.scp, &other.rcp}) {
      for (auto& level : *levels) std::shuffle(level.begin(), level.end(), random);
      std::shuffle(levels->begin(), levels->end(), random);
    }
    std::shuffle(other.context.begin(), other.context.end(), random);
    EXPECT_EQ(outcome(other), outcome(source)) << source.name;
  }
}

TEST(MetamorphicTest, SplittingAPolicyChangesNothing) {
  const auto split_all = [](std::vector<std::string>& documents) {
    std::vector<std::string> out;
    for (const std::string& document : documents) {
      const Parts parts(document);
      for (const std::string& statement : parts.statements) out.push_back(parts.with({statement}));
    }
    documents = std::move(out);
  };
  for (const Source& source : sources()) {
    Source other = source;
    split_all(other.identity);
    split_all(other.session);
    for (auto* levels : {&other.scp, &other.rcp}) std::for_each(levels->begin(), levels->end(), split_all);
    EXPECT_EQ(outcome(other), outcome(source)) << source.name;
  }
}

TEST(MetamorphicTest, JoiningAllPoliciesOfALayerChangesNothing) {
  const auto join = [](std::vector<std::string>& documents) {
    if (documents.size() < 2) return;
    const Parts first(documents.front());
    std::vector<std::string> statements;
    for (const std::string& document : documents) {
      const Parts parts(document);
      if (parts.head != first.head) return;  // other versions read the same text otherwise [L-3]
      statements.insert(statements.end(), parts.statements.begin(), parts.statements.end());
    }
    documents = {first.with(statements)};
  };
  for (const Source& source : sources()) {
    Source other = source;
    join(other.identity);
    join(other.session);
    for (auto* levels : {&other.scp, &other.rcp}) std::for_each(levels->begin(), levels->end(), join);
    EXPECT_EQ(outcome(other), outcome(source)) << source.name;
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

TEST(MetamorphicTest, RenamingAnAccountEverywhereChangesNothing) {
  for (const Source& source : sources()) {
    Source other = source;
    // Wildcards that know some digits of an account are about that account and no other.
    bool knows_digits = false;
    const auto rename = [&](std::string& text) {
      for (const char* partial : {"11111111*", "1111*", "1*", "?1111", "1?", "*1111", "22222222*"}) {
        knows_digits = knows_digits || text.find(partial) != std::string::npos;
      }
      replace_all(text, "111111111111", "\x01");
      replace_all(text, "\x01", "987654321098");
    };
    for (std::string* text : {&other.arn, &other.account, &other.unique_id, &other.role_arn, &other.user_arn,
                              &other.resource, &other.resource_account}) {
      rename(*text);
    }
    for (auto& [key, values] : other.context) {
      rename(key);
      std::for_each(values.begin(), values.end(), rename);
    }
    each_document(other, rename);
    if (knows_digits) continue;
    EXPECT_EQ(outcome(other), outcome(source)) << source.name;
  }
}

TEST(MetamorphicTest, TracingChangesNothing) {
  for (const Source& source : sources()) {
    const auto c = build(source);
    Trace trace;
    const Decision plain = decide(*c);
    const Decision traced = policy::decide(c->policies(), c->request(), &trace);
    EXPECT_EQ(describe(plain), describe(traced)) << source.name;
    EXPECT_EQ(plain.policy, traced.policy) << source.name;
    EXPECT_EQ(plain.statement, traced.statement) << source.name;
  }
}

TEST(MetamorphicTest, TheMixturesAreWorthIt) {
  std::size_t allowed = 0;
  std::size_t denied = 0;
  for (const Source& source : sources()) ++(allows(source) ? allowed : denied);
  EXPECT_GT(allowed, 800U);
  EXPECT_GT(denied, 800U);
}

}  // namespace
}  // namespace deputy::policy::test
