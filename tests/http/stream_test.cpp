// Bodies that are handed on as they come, and answers that are not in memory.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "http/running.h"
#include "http/tls.h"
#include "http/tls_client.h"

namespace deputy::http::testing {
namespace {

/// Collects a body and answers with its size at its end; with 400 if it breaks.
class Collector final : public BodySink {
 public:
  Collector(std::shared_ptr<Responder> respond, std::string& into) : respond_(std::move(respond)), into_(into) {}
  bool take(std::string_view bytes) override {
    into_.append(bytes);
    if (!pauses) return true;
    if (working_.joinable()) working_.join();
    working_ = std::thread([respond = respond_] { respond->more(); });
    return false;
  }
  void end() override {
    if (working_.joinable()) working_.join();  // nobody asks for more once it is answered
    (*respond_)(text(std::to_string(into_.size())));
  }
  void broken(Broken why) override {
    (*respond_)({.status = 400, .headers = {}, .body = std::to_string(static_cast<int>(why))});
  }
  bool pauses = false;

 private:
  std::shared_ptr<Responder> respond_;
  std::thread working_;
  std::string& into_;
};

Options streaming() {
  Options options = any_port();
  options.streams = [](const Request& head) { return head.method == "PUT"; };
  return options;
}

std::string put(std::string_view target, std::size_t size, std::string_view more = "") {
  return "PUT " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n" +
         std::string(more) + "\r\n";
}

class StreamTest : public ::testing::Test {
 protected:
  /// Takes every body; one for /no is refused at once, one for /slow is taken with pauses.
  Handler handler() {
    return [this](const Request& request, Responder respond) {
      ++calls;
      if (!request.body_follows) return respond(text("whole " + std::to_string(request.body.size())));
      if (request.target == "/no") return respond({.status = 403, .headers = {}, .body = "no"});
      const auto shared = std::make_shared<Responder>(std::move(respond));
      const bool slow = request.target == "/slow";
      const auto collector = std::make_shared<Collector>(shared, body);
      collector->pauses = slow;
      if (request.target != "/later") return shared->receive(collector);
      shared->post([shared, collector] { shared->receive(collector); });
    };
  }
  std::string body;  // of the last request, once it was answered
  std::atomic<int> calls = 0;
};

std::string pattern(std::size_t size) {
  std::string bytes(size, 'x');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i % 23);
  return bytes;
}

TEST_F(StreamTest, ALargeBodyComesAsItComes) {
  for (const char* const target : {"/now", "/later", "/slow"}) {
    SCOPED_TRACE(target);
    body.clear();
    Running running(streaming(), handler());
    Client client(running.where);
    const std::string sent = pattern(3'000'000);
    client.send(put(target, sent.size()) + sent);
    EXPECT_EQ(client.read_answer().body, "3000000");
    EXPECT_EQ(body, sent);
    for (int i = 0; i < 4; ++i) {  // the connection goes on, and keeps nothing of the one before
      client.send(get("/next"));
      EXPECT_EQ(client.read_answer().body, "whole 0");
      body.clear();
      client.send(put(target, sent.size()) + sent);
      EXPECT_EQ(client.read_answer().body, "3000000");
      EXPECT_EQ(body, sent);
    }
  }
}

TEST_F(StreamTest, ALittleOneIsWhole) {
  Running running(streaming(), handler());
  Client client(running.where);
  client.send(put("/small", 5) + "hello");
  EXPECT_EQ(client.read_answer().body, "whole 5");
}

TEST_F(StreamTest, WhateverTheReadsWere) {
  Running running(streaming(), handler());
  Client client(running.where);
  const std::string sent = pattern(40'000);
  const std::string all = put("/x", sent.size()) + sent + get("/behind");
  for (const std::size_t cut : {std::size_t{1}, std::size_t{90}, std::size_t{5000}, all.size() - 20}) {
    body.clear();
    client.send(std::string_view(all).substr(0, cut));
    std::this_thread::sleep_for(20ms);
    client.send(std::string_view(all).substr(cut));
    EXPECT_EQ(client.read_answer().body, "40000") << cut;
    EXPECT_EQ(client.read_answer().body, "whole 0") << cut;
    EXPECT_EQ(body, sent) << cut;
  }
}

TEST_F(StreamTest, ChunksOfUnknownLength) {
  Running running(streaming(), handler());
  Client client(running.where);
  client.send("PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  std::this_thread::sleep_for(20ms);
  client.send("6;x=y\r\n world\r\n0\r\n\r\n" + get("/behind"));
  EXPECT_EQ(client.read_answer().body, "11");
  EXPECT_EQ(body, "hello world");
  EXPECT_EQ(client.read_answer().body, "whole 0");
}

TEST_F(StreamTest, WhatIsNoChunkBreaksIt) {
  Running running(streaming(), handler());
  Client client(running.where);
  client.send("PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "2");
  EXPECT_TRUE(client.at_end());
}

TEST_F(StreamTest, ARefusalLeavesTheConnectionIfLittleIsLeft) {
  Running running(streaming(), handler());
  Client client(running.where);
  const std::string sent = pattern(100'000);
  client.send(put("/no", sent.size()) + sent + get("/behind"));
  EXPECT_EQ(client.read_answer().status, 403);
  EXPECT_EQ(client.read_answer().body, "whole 0");
}

TEST_F(StreamTest, ARefusalOfMuchIsReadAndEndsTheConnection) {
  Running running(streaming(), handler());
  Client client(running.where);
  client.send(put("/no", 50'000'000) + pattern(200'000));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_EQ(answer.body, "no");
}

TEST_F(StreamTest, OnlyWhoIsLetInIsToldToContinue) {
  Running running(streaming(), handler());
  {
    Client client(running.where);
    client.send(put("/no", 50'000, "Expect: 100-continue\r\n"));
    EXPECT_EQ(client.read_answer().status, 403);
    EXPECT_TRUE(client.at_end());
  }
  Client client(running.where);
  client.send(put("/later", 50'000, "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.read_answer().status, 100);
  client.send(pattern(50'000));
  EXPECT_EQ(client.read_answer().body, "50000");
}

TEST_F(StreamTest, AClientThatGoesIsTold) {
  Running running(streaming(), handler());
  Client client(running.where);
  client.send(put("/x", 50'000) + pattern(1000));
  client.shut_down_sending();
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "0");
}

TEST_F(StreamTest, ASlowOneIsTold) {
  Options options = streaming();
  options.limits.body_timeout = 1s;
  Running running(options, handler());
  Client client(running.where);
  client.send(put("/x", 50'000) + pattern(1000));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "1");
}

TEST_F(StreamTest, AServerThatStopsWaitsForIt) {
  Running running(streaming(), handler());
  Client client(running.where);
  client.send(put("/x", 50'000) + pattern(1000));
  while (calls == 0) std::this_thread::sleep_for(1ms);
  std::thread stopping([&] { running.server.stop(); });
  std::this_thread::sleep_for(50ms);
  client.send(pattern(49'000));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "50000");
  EXPECT_EQ(answer.header("Connection"), "close");
  stopping.join();
}

TEST_F(StreamTest, EarlierAnswersComeFirst) {
  Later later;
  Options options = streaming();
  Running running(options, [&](const Request& request, Responder respond) {
    if (request.target == "/held") return later.handler()(request, std::move(respond));
    handler()(request, std::move(respond));
  });
  Client client(running.where);
  client.send(get("/held") + put("/x", 20'000, "Expect: 100-continue\r\n"));
  later.wait_for(1);
  later.take(0).second(text("first"));
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send(pattern(20'000));
  EXPECT_EQ(client.read_answer().body, "20000");
}

/// Bytes made as they are read, or of a file.
class Made final : public Source {
 public:
  explicit Made(std::string bytes, bool as_file = false, std::uint64_t said = 0)
      : bytes_(std::move(bytes)), size_(said > 0 ? said : bytes_.size()) {
    if (!as_file) return;
    char name[] = "/tmp/deputy-source-XXXXXX";
    file_ = ::mkstemp(name);
    ::unlink(name);
    EXPECT_EQ(::write(file_, bytes_.data(), bytes_.size()), static_cast<ssize_t>(bytes_.size()));
  }
  ~Made() override {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  Stretch stretch(std::uint64_t offset) override { return {file_, offset, size_ - offset}; }
  bool read(std::uint64_t offset, std::span<char> into) override {
    if (offset + into.size() > bytes_.size()) return false;
    bytes_.copy(into.data(), into.size(), offset);
    return true;
  }

 private:
  std::string bytes_;
  std::uint64_t size_;
  int file_ = -1;
};

Handler answers_with(const std::string& bytes, bool as_file, std::uint64_t said = 0) {
  return [&bytes, as_file, said](const Request&, Responder respond) {
    Response response = text("");
    response.source = std::make_shared<Made>(bytes, as_file, said);
    respond(std::move(response));
  };
}

TEST(SourceTest, IsSentWholeFromAFileOrNot) {
  const std::string bytes = pattern(5'000'000);
  for (const bool as_file : {false, true}) {
    Running running(any_port(), answers_with(bytes, as_file));
    Client client(running.where);
    client.send(get("/a") + get("/b"));
    for (int i = 0; i < 2; ++i) {
      const Answer answer = client.read_answer();
      EXPECT_EQ(answer.header("Content-Length"), "5000000");
      EXPECT_EQ(answer.body, bytes);
    }
    client.send("HEAD /c HTTP/1.1\r\nHost: a\r\n\r\n" + get("/d"));
    EXPECT_EQ(client.read_answer(true).header("Content-Length"), "5000000");
    EXPECT_EQ(client.read_answer().body, bytes);
  }
}

TEST(SourceTest, ThatEndsEarlyEndsTheConnection) {
  const std::string bytes = pattern(100'000);
  for (const bool as_file : {false, true}) {
    Running running(any_port(), answers_with(bytes, as_file, 200'000));
    Client client(running.where);
    client.send(get("/a"));
    const Answer answer = client.read_answer();
    EXPECT_LT(answer.body.size(), 200'000U);
    EXPECT_FALSE(client.sip());
  }
}

TEST(SourceTest, WithTls) {
  const Certificates certificates;
  const std::string bytes = pattern(1'000'000);
  Options options = any_port();
  options.tls_certificate = certificates.path("cert.pem");
  options.tls_key = certificates.path("key.pem");
  for (const bool as_file : {false, true}) {
    Running running(options, answers_with(bytes, as_file));
    TlsClient client(connect_to(running.where));
    ASSERT_TRUE(client.connected());
    client.send(get("/a"));
    std::string head;
    while (!head.ends_with("\r\n\r\n")) head += client.read(1);
    EXPECT_EQ(client.read(bytes.size()), bytes);
  }
}

}  // namespace
}  // namespace deputy::http::testing
