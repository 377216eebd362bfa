// The cases of sigv4/*.case, signed by botocore (tools/make-sigv4-cases): our canonical request, string to sign and
// signature must be its, byte for byte, and the request must be accepted from its sender.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "authn/world.h"

namespace deputy::authn {
namespace {

using Case = std::map<std::string, std::string>;

/// Sections begin with a line "--- name" and end before the line break that precedes the next one.
Case read_case(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  std::string text = all.str();
  Case sections;
  std::size_t at = text.find("--- ");
  while (at != std::string::npos) {
    const std::size_t line = text.find('\n', at);
    const std::size_t next = text.find("\n--- ", line);
    const std::size_t end = next == std::string::npos ? text.size() - 1 : next;
    sections[text.substr(at + 4, line - at - 4)] = text.substr(line + 1, end - line - 1);
    at = next == std::string::npos ? next : next + 1;
  }
  return sections;
}

TestRequest read_request(const std::string& text) {
  TestRequest request;
  const std::size_t head_end = text.find("\n\n");
  std::istringstream head(text.substr(0, head_end));
  std::string line, version;
  std::getline(head, line);
  std::istringstream(line) >> request.method >> request.target >> version;
  while (std::getline(head, line)) {
    const std::size_t colon = line.find(':');
    std::string value = line.substr(colon + 1);
    value.erase(0, value.find_first_not_of(' '));
    value.erase(value.find_last_not_of(' ') + 1);
    request.headers.emplace_back(line.substr(0, colon), value);
  }
  request.body = text.substr(head_end + 2);
  return request;
}

class SigV4CasesTest : public testing::TestWithParam<std::string> {};

TEST_P(SigV4CasesTest, AgreesWithBotocore) {
  const Case c =
      read_case(std::filesystem::path(DEPUTY_SOURCE_DIR) / "tests/authn/signature/sigv4" / (GetParam() + ".case"));
  ASSERT_EQ(c.size(), 9U) << "story, dialect, service, region, now, request, and the three steps";
  SCOPED_TRACE(c.at("story"));
  const TestRequest request = read_request(c.at("request"));
  const http::Request view = request.view();
  const bool s3 = c.at("dialect") == "s3";

  // The steps, taken alone.
  QueryString query;
  ASSERT_TRUE(query.parse(view.query()));
  const bool presigned = query.first("X-Amz-Algorithm") != nullptr;
  const AuthorizationParts parts = parse_authorization(
      presigned ? std::string_view() : view.header("Authorization")->substr(std::string_view(kAlgorithm).size()));
  const std::string_view list = presigned ? *query.first("X-Amz-SignedHeaders") : *parts.signed_headers;
  SignedHeaders names;
  ASSERT_TRUE(names.parse(list));
  const std::string expected = c.at("canonical request");
  std::string canonical, to_sign;
  ASSERT_TRUE(canonical_request(canonical, view, query, names, s3 ? PathRule::kAsSent : PathRule::kNormalized,
                                presigned, expected.substr(expected.rfind('\n') + 1)));
  EXPECT_EQ(canonical, expected);
  const auto credential = parse_credential(presigned ? *query.first("X-Amz-Credential") : *parts.credential);
  ASSERT_TRUE(credential);
  string_to_sign(to_sign, c.at("now"), credential->scope(), canonical);
  EXPECT_EQ(to_sign, c.at("string to sign"));
  EXPECT_EQ(presigned ? *query.first("X-Amz-Signature") : *parts.signature, c.at("signature"));

  // All of it. A token of AWS's is none of ours, and a long-term key takes none: but the signature comes first.
  const World world;
  const Identifier identifier(*world.vault, world.tokens);
  const Dialect dialect = s3 ? Dialect::kS3 : c.at("dialect") == "json" ? Dialect::kJson : Dialect::kQuery;
  const auto caller = identifier.identify(view, {c.at("service"), dialect, c.at("region")}, *world.snapshot,
                                          *parse_basic_iso8601(c.at("now")));
  if (c.at("story").find("ession") == std::string::npos && c.at("story").find("token") == std::string::npos) {
    EXPECT_EQ(answer(caller), "ok arn:aws:iam::111111111111:user/team/alice");
  } else {
    EXPECT_EQ(answer(caller), s3 ? "400 InvalidToken: The provided token is malformed or otherwise invalid."
                                 : "403 InvalidClientTokenId: The security token included in the request is invalid");
  }

  // Whatever is changed in what was signed, the signature no longer fits.
  for (const char* change : {"method", "target", "signature"}) {
    TestRequest changed = request;
    if (change == std::string_view("method")) changed.method = "DELETE";
    if (change == std::string_view("target")) changed.target.insert(1, "x");
    const std::string sent = c.at("signature");
    if (change == std::string_view("signature")) {
      const auto flip = [&](std::string& text) {
        const std::size_t at = text.find(sent);
        if (at != std::string::npos) text[at] = text[at] == '0' ? '1' : '0';
      };
      flip(changed.target);
      for (auto& header : changed.headers) flip(header.second);
    }
    const auto refused = identifier.identify(changed.view(), {c.at("service"), dialect, c.at("region")},
                                             *world.snapshot, *parse_basic_iso8601(c.at("now")));
    ASSERT_FALSE(refused.ok()) << change;
    EXPECT_EQ(refused.error().code(),
              dialect == Dialect::kJson ? "InvalidSignatureException" : "SignatureDoesNotMatch");
  }
}

std::vector<std::string> all_cases() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(DEPUTY_SOURCE_DIR) / "tests/authn/signature/sigv4")) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string camel(const testing::TestParamInfo<std::string>& info) {
  std::string out;
  bool upper = true;
  for (const char c : info.param) {
    if (c != '-') out.push_back(upper ? static_cast<char>(std::toupper(c)) : c);
    upper = c == '-';
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(, SigV4CasesTest, testing::ValuesIn(all_cases()), camel);

}  // namespace
}  // namespace deputy::authn
