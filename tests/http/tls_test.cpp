// The listener with TLS: what differs from the plain one, and that nothing else does.
#include <gtest/gtest.h>

#include "http/running.h"
#include "http/tls.h"
#include "http/tls_client.h"

namespace deputy::http::testing {
namespace {

class TlsTest : public ::testing::Test {
 protected:
  [[nodiscard]] Options options() const {
    Options options = any_port();
    options.tls_certificate = certificates.path("cert.pem");
    options.tls_key = certificates.path("key.pem");
    return options;
  }
  /// What follows the head of the only answer to come.
  static std::string body(TlsClient& client, std::size_t size) {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
      const std::string byte = client.read(1);
      if (byte.empty()) return "no head: " + head;
      head += byte;
    }
    return client.read(size);
  }
  Certificates certificates;
};

void describe(const Request& request, Responder respond) {
  respond(text((request.secure ? "secure " : "plain ") + std::string(request.tls_version)));
}

TEST_F(TlsTest, HandshakesThatDoNotGoOnDoNotKeepThePlaces) {
  Options few = options();
  few.limits.connections = 2;
  Running running(few, describe);
  const Client silent(running.where);
  Client halfway(running.where);
  halfway.send(std::string("\x16\x03\x01\x02\x00\x01", 6));  // a hello of 512 bytes begins
  for (int i = 0; i < 3; ++i) {
    TlsClient client(connect_to(running.where), TLS1_3_VERSION);
    ASSERT_TRUE(client.connected());
    client.send(get("/"));
    EXPECT_EQ(body(client, 14), "secure TLSv1.3");
  }
}

TEST_F(TlsTest, AHandshakeThatDoesNotGoOnTimesOut) {
  Options short_time = options();
  short_time.limits.head_timeout = std::chrono::seconds(1);
  Running running(short_time, describe);
  Client silent(running.where), halfway(running.where);
  halfway.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  EXPECT_TRUE(silent.at_end());
  EXPECT_TRUE(halfway.at_end());
}

TEST_F(TlsTest, TheHandlerIsToldOfTheSession) {
  Running running(options(), describe);
  for (const auto& [version, name] : {std::pair(TLS1_3_VERSION, "TLSv1.3"), std::pair(TLS1_2_VERSION, "TLSv1.2")}) {
    TlsClient client(connect_to(running.where), version);
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.version(), name);
    client.send(get("/"));
    const std::string wanted = std::string("secure ") + name;
    EXPECT_EQ(body(client, wanted.size()), wanted);
  }
}

TEST_F(TlsTest, OlderVersionsAreRefused) {
  Running running(options());
  EXPECT_FALSE(TlsClient(connect_to(running.where), TLS1_1_VERSION, TLS1_VERSION).connected());
  EXPECT_TRUE(TlsClient(connect_to(running.where)).connected()) << "and the next client is served";
}

TEST_F(TlsTest, AClientWithoutTlsGetsNoAnswer) {
  Running running(options());
  Client plain(running.where);
  plain.send(get("/"));
  EXPECT_EQ(plain.read_answer().status, 0);
}

TEST_F(TlsTest, RequestsInOneRecordAndInMany) {
  Running running(options());
  TlsClient client(connect_to(running.where));
  client.send(get("/first") + get("/second"));
  EXPECT_EQ(body(client, 6), "/first");
  EXPECT_EQ(body(client, 7), "/second");
  for (const char byte : get("/third")) client.send({&byte, 1});
  EXPECT_EQ(body(client, 6), "/third");
}

TEST_F(TlsTest, LargeBodiesGoBothWays) {
  Running running(options(),
                  [](const Request& request, Responder respond) { respond(text(std::string(request.body))); });
  std::string large(3'000'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>('a' + i % 23);
  TlsClient client(connect_to(running.where));
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + large);
  EXPECT_EQ(body(client, large.size()), large);
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nend");
  EXPECT_EQ(body(client, 3), "end");
}

TEST_F(TlsTest, TheLastAnswerIsFollowedByAProperEnd) {
  Running running(options());
  TlsClient client(connect_to(running.where));
  client.send(get("/bye", "Connection: close\r\n"));
  EXPECT_EQ(body(client, 4), "/bye");
  EXPECT_TRUE(client.ended_properly());
}

TEST_F(TlsTest, AClientThatSaysItIsDoneIsStillAnswered) {
  Later later;
  Running running(options(), later.handler());
  TlsClient client(connect_to(running.where));
  client.send(get("/"));
  later.wait_for(1);
  client.close_notify();
  auto [request, respond] = later.take(0);
  respond(text("late"));
  EXPECT_EQ(body(client, 4), "late");
}

TEST_F(TlsTest, ABadRequestIsRefusedOverTlsToo) {
  Running running(options());
  TlsClient client(connect_to(running.where));
  client.send("GET / HTTP/1.1\r\nHost : a\r\n\r\n");
  EXPECT_EQ(client.read(12), "HTTP/1.1 400");
}

TEST_F(TlsTest, AHandshakeThatDoesNotEndIsEnded) {
  Options slow = options();
  slow.limits.head_timeout = std::chrono::seconds(1);
  Running running(slow);
  Client silent(running.where);
  EXPECT_TRUE(silent.at_end());
  Client halting(running.where);
  halting.send(std::string("\x16\x03\x01\x02\x00\x01", 6));  // the beginning of a client's hello
  EXPECT_TRUE(halting.at_end());
}

TEST_F(TlsTest, TheServerStopsWhileAHandshakeIsUnderWay) {
  auto running = std::make_unique<Running>(options());
  Client halting(running->where);
  halting.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  TlsClient idle(connect_to(running->where));
  ASSERT_TRUE(idle.connected());
  running->server.stop(std::chrono::seconds(5));
  EXPECT_TRUE(idle.ended_properly());
}

TEST_F(TlsTest, ACertificateIsReadAgainWhileOldConnectionsLast) {
  Running running(options());
  TlsClient old(connect_to(running.where));
  ASSERT_TRUE(old.connected());
  const std::string before = old.certificate();
  certificates.renew();
  const auto now = running.server.reload_certificate();
  ASSERT_TRUE(now) << now.error();
  EXPECT_EQ((*now)->description().substr(0, 20), "CN=localhost, until ") << (*now)->description();

  TlsClient next(connect_to(running.where));
  ASSERT_TRUE(next.connected());
  EXPECT_NE(next.certificate(), before);
  EXPECT_EQ(next.certificate(), (*now)->roots()) << "self-signed, it is its own authority";
  old.send(get("/still"));
  EXPECT_EQ(body(old, 6), "/still");
}

TEST_F(TlsTest, ABadCertificateDoesNotReplaceAGoodOne) {
  Running running(options());
  const std::string before = TlsClient(connect_to(running.where)).certificate();
  certificates.spoil();
  const auto refused = running.server.reload_certificate();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().find("cannot use the TLS certificate " + certificates.path("cert.pem")), 0U);
  EXPECT_EQ(TlsClient(connect_to(running.where)).certificate(), before);
}

TEST_F(TlsTest, UnusableFilesAreNamed) {
  const auto fault = [&](const std::string& certificate, const std::string& key) {
    Options bad = any_port();
    bad.tls_certificate = certificate;
    bad.tls_key = key;
    Server server(bad, echo_target);
    const auto started = server.start();
    return started ? std::string("started") : started.error();
  };
  const std::string cert = certificates.path("cert.pem"), key = certificates.path("key.pem");
  EXPECT_EQ(fault("/nowhere.pem", key).substr(0, 47), "cannot use the TLS certificate /nowhere.pem: No");
  EXPECT_EQ(fault(key, key).find("cannot use the TLS certificate " + key), 0U);
  EXPECT_EQ(fault(cert, cert).find("cannot use the TLS key " + cert), 0U);
  EXPECT_EQ(fault(cert, certificates.path("other.pem")).find("cannot use the TLS key"), 0U)
      << fault(cert, certificates.path("other.pem"));
}

}  // namespace
}  // namespace deputy::http::testing
