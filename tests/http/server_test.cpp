// One request and its answer.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

#include "base/time.h"
#include "http/running.h"

namespace deputy::http::testing {
namespace {

TEST(ServerTest, AnswersCarryDateAndLength) {
  const Running running(any_port());
  Client client(running.where);
  client.send(get("/hello"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "/hello");
  EXPECT_TRUE(parse_http_date(answer.header("Date"))) << answer.header("Date");
  EXPECT_EQ(answer.header("Connection"), "");
}

/// Of the only connection that the server at that port has; this process holds both ends.
int hop_limit_of_connection(std::uint16_t port) {
  constexpr int kHighest = 1024;
  for (int fd = 0; fd < kHighest; ++fd) {
    sockaddr_in here{}, there{};
    socklen_t size = sizeof here, peer_size = sizeof there;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size) != 0 || here.sin_family != AF_INET) continue;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&there), &peer_size) != 0 || here.sin_port != htons(port))
      continue;
    int hops = 0;
    socklen_t length = sizeof hops;
    ::getsockopt(fd, IPPROTO_IP, IP_TTL, &hops, &length);
    return hops;
  }
  return -1;
}

TEST(ServerTest, OnlyAnswersToPutStayNear) {
  Options options = any_port();
  options.put_hop_limit = 2;
  Running running(options);
  Client client(running.where);
  client.send(get("/far"));
  client.read_answer();
  EXPECT_GT(hop_limit_of_connection(running.where.port), 2);
  client.send("PUT /near HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  client.read_answer();
  EXPECT_EQ(hop_limit_of_connection(running.where.port), 2);
}

TEST(ServerTest, TheHandlerSeesWhatWasSent) {
  Running running(any_port(), [](const Request& request, Responder respond) {
    std::string seen = std::string(request.path()) + "|" + std::string(request.query()) + "|";
    for (const Header& h : request.headers) seen.append(h.name).append("=").append(h.value).append(";");
    seen.append(request.remote_address).append(request.secure ? " secure" : " plain");
    respond(text(seen));
  });
  Client client(running.where);
  client.send("GET /a/b?c=d HTTP/1.1\r\nHost: a\r\nx-Mixed:  two  words \t\r\nx-mixed: again\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "/a/b|c=d|Host=a;x-Mixed=two  words;x-mixed=again;127.0.0.1 plain");
}

TEST(ServerTest, ViewsHoldWhileALargeBodyMovesThem) {
  Running running(any_port(), [](const Request& request, Responder respond) {
    std::string seen(request.target);
    for (const Header& h : request.headers) seen.append(",").append(h.name).append("=").append(h.value);
    respond(text(seen + "," + std::to_string(request.body.size()) + request.body.back()));
  });
  for (const bool chunked : {false, true}) {
    Client client(running.where);
    const std::string body(3'000'000, 'b');
    const std::string head = "PUT /key HTTP/1.1\r\nHost: a\r\nX: y\r\n";
    if (chunked) {
      client.send(head + "Transfer-Encoding: chunked\r\n\r\n2dc6bf\r\n" + body.substr(1) + "\r\n1\r\nz\r\n0\r\n\r\n");
      EXPECT_EQ(client.read_answer().body, "/key,Host=a,X=y,Transfer-Encoding=chunked,3000000z");
    } else {
      client.send(head + "Content-Length: 3000000\r\n\r\n" + body);
      EXPECT_EQ(client.read_answer().body, "/key,Host=a,X=y,Content-Length=3000000,3000000b");
    }
  }
}

TEST(ServerTest, LargeAnswersArriveWhole) {
  std::string large(5'000'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>('a' + i % 23);
  Running running(any_port(), [&](const Request&, Responder respond) { respond(text(large)); });
  Client client(running.where);
  client.send(get("/1") + get("/2") + get("/3"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.read_answer().body, large);
}

TEST(ServerTest, HeadAnswersHaveALengthAndNoBody) {
  const Running running(any_port());
  Client client(running.where);
  client.send("HEAD /12345 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next"));
  const Answer head = client.read_answer(true);
  EXPECT_EQ(head.header("Content-Length"), "6");
  EXPECT_EQ(client.read_answer().body, "/next");
}

TEST(ServerTest, AHandlerMaySayTheLengthOfWhatHeadLeavesAway) {
  Running running(any_port(), [](const Request&, Responder respond) {
    respond({.status = 200,
             .headers = {{"Content-Length", "5000"}, {"Connection", "upgrade"}},
             .body = {},
             .close = false});
  });
  Client client(running.where);
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
  EXPECT_EQ(client.read_answer(true).header("Content-Length"), "5000");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.header("Content-Length"), "0");
  EXPECT_EQ(answer.header("Connection"), "");
}

TEST(ServerTest, AnswersWithoutABodyHaveNoLength) {
  Running running(any_port(), [](const Request& request, Responder respond) {
    respond({.status = std::stoi(std::string(request.target.substr(1))), .headers = {}, .body = {}, .close = false});
  });
  Client client(running.where);
  client.send(get("/204") + get("/304") + get("/404"));
  EXPECT_EQ(client.read_answer().header("Content-Length"), "");
  EXPECT_EQ(client.read_answer().header("Content-Length"), "");
  EXPECT_EQ(client.read_answer().header("Content-Length"), "0");
}

TEST(ServerTest, AHeaderValueCannotEndItsLine) {
  Running running(any_port(), [](const Request&, Responder respond) {
    respond({.status = 200, .headers = {{"X", "a\r\nSet-Cookie: b"}}, .body = {}, .close = false});
  });
  Client client(running.where);
  client.send(get("/"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.header("X"), "a  Set-Cookie: b");
  EXPECT_EQ(answer.header("Set-Cookie"), "");
}

TEST(ServerTest, HttpOneZeroClosesUnlessAskedNotTo) {
  const Running running(any_port());
  Client closes(running.where);
  closes.send("GET /1 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closes.read_answer().header("Connection"), "close");
  EXPECT_TRUE(closes.at_end());

  Client keeps(running.where);
  keeps.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(keeps.read_answer().header("Connection"), "keep-alive");
  keeps.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(keeps.read_answer().body, "/2");
  EXPECT_TRUE(keeps.at_end());
}

TEST(ServerTest, TheClientMayAskToClose) {
  const Running running(any_port());
  Client client(running.where);
  client.send(get("/1", "Connection: close\r\n") + get("/2"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "/1");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(ServerTest, TheHandlerMayClose) {
  Running running(any_port(), [](const Request& request, Responder respond) {
    respond({.status = 200, .headers = {}, .body = std::string(request.target), .close = request.target == "/2"});
  });
  Client client(running.where);
  client.send(get("/1") + get("/2") + get("/3"));
  EXPECT_EQ(client.read_answer().body, "/1");
  EXPECT_EQ(client.read_answer().header("Connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(ServerTest, ContinueIsSaidOnlyToWhoWaitsForIt) {
  const Running running(any_port());
  Client client(running.where);
  const std::string head = "POST /1 HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n";
  client.send(head);
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("abc");
  EXPECT_EQ(client.read_answer().status, 200);
  client.send(head + "abc");
  EXPECT_EQ(client.read_answer().status, 200);
  client.send("POST /0 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  client.send("POST /c HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "/c");
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.at_end());
}

TEST(ServerTest, ADroppedResponderIsA500AndTheEnd) {
  Running running(any_port(), [](const Request&, const Responder&) {});
  Client client(running.where);
  client.send(get("/"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(ServerTest, AHandlerThatThrowsIsA500) {
  Running running(any_port(), [](const Request&, const Responder&) { throw std::runtime_error("for this test"); });
  Client client(running.where);
  client.send(get("/"));
  EXPECT_EQ(client.read_answer().status, 500);
}

TEST(ServerTest, TheClientMayGoWhileTheHandlerReads) {
  Later later;
  Running running(any_port(), later.handler());
  {
    Client client(running.where);
    client.send("POST /gone HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody" + get("/second") + "garbage\n");
    later.wait_for(2);
  }
  running.server.stop(0ms);
  auto [request, respond] = later.take(0);
  EXPECT_EQ(request->target, "/gone");
  EXPECT_EQ(request->body, "body");
  respond(text("nobody hears this"));
  EXPECT_EQ(later.take(1).first->target, "/second");
}

TEST(ServerTest, AClientThatHasSaidAllIsStillAnswered) {
  Later later;
  Running running(any_port(), later.handler());
  Client client(running.where);
  client.send(get("/"));
  client.shut_down_sending();
  later.wait_for(1);
  later.take(0).second(text("answer"));
  EXPECT_EQ(client.read_answer().body, "answer");
  EXPECT_TRUE(client.at_end());
}

}  // namespace
}  // namespace deputy::http::testing
