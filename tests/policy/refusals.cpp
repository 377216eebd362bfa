#include "policy/refusals.h"

#include <gtest/gtest.h>

#include <map>

#include "policy/cases.h"
#include "policy/json.h"

namespace deputy::policy::test {
namespace {

const std::map<std::string, Kind> kKinds = {
    {"identity", Kind::kIdentity}, {"managed", Kind::kManaged}, {"session", Kind::kSession},
    {"trust", Kind::kTrust},       {"bucket", Kind::kBucket},   {"key", Kind::kKey},
    {"endpoint", Kind::kEndpoint}, {"scp", Kind::kScp},         {"rcp", Kind::kRcp}};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), in_(text) {}

  bool read(std::vector<Refusal>& out) {
    if (!in_.enter('[')) return false;
    do {
      if (!one(out.emplace_back())) return false;
    } while (in_.accept(','));
    return in_.accept(']') && in_.at_end();
  }

 private:
  bool one(Refusal& to) {
    if (!in_.enter('{')) return false;
    bool has_message = false;
    do {
      std::string name;
      if (!string(name) || !in_.accept(':')) return false;
      has_message = has_message || name == "message";
      if (!member(name, to)) return false;
    } while (in_.accept(','));
    in_.leave();
    return in_.accept('}') && has_message && !to.kinds.empty() && !to.rule.empty();
  }

  bool member(const std::string& name, Refusal& to) {
    if (name == "name") return string(to.name);
    if (name == "rule") return string(to.rule);
    if (name == "text") return string(to.document);
    if (name == "types") return types(to.kinds);
    if (name == "line") return number(to.line);
    if (name == "column") return number(to.column);
    if (name == "message") return in_.peek() == 'n' ? in_.null() : string(to.message.emplace());
    if (name != "document") return false;
    const std::size_t begin = in_.here().offset;
    if (!in_.skip()) return false;
    to.document = text_.substr(begin, in_.offset() - begin);
    return true;
  }

  bool types(std::vector<Kind>& to) {
    if (!in_.enter('[')) return false;
    do {
      std::string name;
      if (!string(name) || !kKinds.contains(name)) return false;
      to.push_back(kKinds.at(name));
    } while (in_.accept(','));
    in_.leave();
    return in_.accept(']');
  }
  bool string(std::string& to) {
    std::string_view text;
    const bool good = in_.string(text);
    to = text;
    return good;
  }
  bool number(std::uint32_t& to) {
    std::string_view text;
    if (!in_.scalar(text)) return false;
    to = static_cast<std::uint32_t>(std::stoul(std::string(text)));
    return true;
  }

  std::string_view text_;
  JsonReader in_;
};

}  // namespace

std::vector<Refusal> refusals_of(const std::string& file) {
  const std::string text = read_file(file);
  std::vector<Refusal> out;
  EXPECT_TRUE(Reader(text).read(out)) << file << ": after \"" << (out.empty() ? "" : out.back().name) << "\"";
  return out;
}

}  // namespace deputy::policy::test
