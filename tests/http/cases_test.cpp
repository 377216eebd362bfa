#include "http/cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string_view>

#include "http/client.h"
#include "http/parser.h"
#include "http/server.h"

namespace deputy::http::testing {

namespace {

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    switch (const char c = text.at(++i); c) {
      case 'r':
        out += '\r';
        break;
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '0':
        out += '\0';
        break;
      case '\\':
        out += '\\';
        break;
      case 'x':
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
        break;
      default:
        throw std::runtime_error(std::string("unknown escape \\") + c);
    }
  }
  return out;
}

/// {text*N}
std::string repeated(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += unescape(text.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open), star = text.rfind('*', close);
    const std::string piece = unescape(text.substr(open + 1, star - open - 1));
    for (int n = std::stoi(std::string(text.substr(star + 1, close - star - 1))); n > 0; --n) out += piece;
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

std::vector<Case> read_cases(const std::string& path) {
  std::ifstream file(path);
  std::vector<Case> cases;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.starts_with("#")) continue;
    if (line.starts_with("== "))
      cases.push_back({line.substr(3), {}, {}});
    else if (line.starts_with("> ") && !cases.empty())
      cases.back().bytes += repeated(std::string_view(line).substr(2));
    else if (line.starts_with("< ") && !cases.empty())
      cases.back().outcomes.push_back(unescape(line.substr(2)));
    else
      throw std::runtime_error(path + ":" + std::to_string(number) + ": " + line);
  }
  return cases;
}

namespace {

std::string describe(const Request& request) {
  std::string text(request.method);
  text.append(" ").append(request.target);
  if (!request.body.empty()) text.append(" ").append(request.body);
  return text;
}

/// What the parser makes of the bytes when they come in pieces of the given sizes, the last one repeating.
std::vector<std::string> parse(std::string_view bytes, const std::vector<std::size_t>& pieces) {
  const Limits limits;
  Budget budget(limits.buffers);
  RequestParser parser(limits, budget);
  std::vector<std::string> outcomes;
  for (std::size_t at = 0, i = 0; at < bytes.size(); ++i) {
    const std::span<char> space = parser.space();
    const std::size_t size = std::min({pieces[std::min(i, pieces.size() - 1)], bytes.size() - at, space.size()});
    std::copy_n(bytes.data() + at, size, space.data());
    parser.fed(size);
    at += size;
    RequestParser::Progress progress;
    while ((progress = parser.next()) == RequestParser::Progress::kComplete) {
      outcomes.push_back(describe(parser.request()));
      parser.finish();
    }
    if (progress == RequestParser::Progress::kRefused) {
      outcomes.push_back("refused " + std::to_string(static_cast<int>(parser.refusal())));
      return outcomes;
    }
  }
  if (!parser.idle()) outcomes.emplace_back("waits");
  return outcomes;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = read_cases(DEPUTY_SOURCE_DIR "/tests/http/cases/requests.txt");
  return all;
}

TEST(RequestCases, ThereAreMany) { EXPECT_GT(cases().size(), 120U); }

TEST(RequestCases, TheParserTakesEachForWhatItIs) {
  for (const Case& c : cases()) EXPECT_EQ(parse(c.bytes, {c.bytes.size()}), c.outcomes) << c.name;
}

TEST(RequestCases, AnyCutGivesTheSameRequests) {
  std::mt19937 random(20260724);
  for (const Case& c : cases()) {
    EXPECT_EQ(parse(c.bytes, {1}), c.outcomes) << c.name;
    for (std::size_t cut = 1; cut < std::min<std::size_t>(c.bytes.size(), 400); ++cut) {
      EXPECT_EQ(parse(c.bytes, {cut, c.bytes.size()}), c.outcomes) << c.name << ", cut at " << cut;
    }
    for (int round = 0; round < 10; ++round) {
      std::vector<std::size_t> pieces(50);
      for (std::size_t& piece : pieces) piece = 1 + random() % 40;
      EXPECT_EQ(parse(c.bytes, pieces), c.outcomes) << c.name;
    }
  }
}

TEST(RequestCases, TheServerAnswersEachInOrder) {
  Options options;
  options.port = 0;
  options.threads = 1;
  Server server(options, [](const Request& request, Responder respond) {
    respond({.status = 200, .headers = {}, .body = describe(request), .close = false});
  });
  const auto where = server.start();
  ASSERT_TRUE(where) << where.error();
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    Client client(*where);
    client.send(c.bytes);
    client.shut_down_sending();
    for (const std::string& outcome : c.outcomes) {
      if (outcome == "waits") break;
      const Answer answer = client.read_answer();
      if (outcome.starts_with("refused ")) {
        EXPECT_EQ(std::to_string(answer.status), outcome.substr(8));
        EXPECT_EQ(answer.body, "");
        EXPECT_EQ(answer.header("Connection"), "close");
      } else {
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, outcome);
      }
    }
    EXPECT_TRUE(client.at_end());
  }
}

}  // namespace
}  // namespace deputy::http::testing
