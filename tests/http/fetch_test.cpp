// Fetching documents from outside: where a fetch may lead, what of an answer is used, and that nobody waits for it.
// TLS is in tests/e2e/test_oidc.py, against servers with every kind of certificate.
#include "http/fetch.h"

#include <future>

#include "http/running.h"

namespace deputy::http {
namespace {

using namespace std::chrono_literals;
using testing::any_port;
using testing::Running;

using Outcome = Result<std::string, FetchFault>;

FetchRequest to(const Endpoint& where, std::string target = "/") {
  return {.connect_to = where.host,
          .port = where.port,
          .private_addresses = true,
          .tls = false,
          .host = where.host,
          .authority = "idp.example",
          .target = std::move(target),
          .thumbprints = {}};
}

Outcome fetch(Fetcher& fetcher, FetchRequest request) {
  std::promise<Outcome> promise;
  fetcher.get(std::move(request), [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
  return promise.get_future().get();
}

void answer(const Request& request, Responder respond) {
  const std::string_view path = request.path();
  Response response{.status = 200, .headers = {}, .body = "document", .close = false};
  if (path == "/host") response.body = *request.header("host");
  if (path == "/moved") response = {.status = 302, .headers = {{"Location", "/"}}, .body = {}, .close = false};
  if (path == "/missing") response.status = 404;
  if (path == "/busy") response.status = 503;
  if (path == "/large") response.body.assign(2000, 'x');
  respond(std::move(response));
}

TEST(FetchTest, GivesTheBodyOf200AndNothingElse) {
  Running server(any_port(), answer);
  Fetcher fetcher({.ca_file = {}, .body = 1000});
  EXPECT_EQ(*fetch(fetcher, to(server.where)), "document");
  EXPECT_EQ(*fetch(fetcher, to(server.where, "/host")), "idp.example");
  EXPECT_EQ(fetch(fetcher, to(server.where, "/moved")).error(), FetchFault::kRedirect);
  EXPECT_EQ(fetch(fetcher, to(server.where, "/missing")).error(), FetchFault::kStatus);
  EXPECT_EQ(fetch(fetcher, to(server.where, "/large")).error(), FetchFault::kTooLarge);
  EXPECT_EQ(fetch(fetcher, to(server.where, "/busy")).error(), FetchFault::kOverloaded);
}

TEST(FetchTest, DoesNotGoToThisMachineUnlessAskedTo) {
  Running server(any_port(), answer);
  Fetcher fetcher({});
  for (const char* host : {"127.0.0.1", "localhost", "0.0.0.0"}) {
    FetchRequest request = to(server.where);
    request.connect_to = host;
    request.private_addresses = false;
    EXPECT_EQ(fetch(fetcher, request).error(), FetchFault::kForbidden) << host;
  }
}

TEST(FetchTest, AServerThatSaysNothingIsUnreachableInTime) {
  testing::Later later;
  Running server(any_port(), later.handler());
  Fetcher fetcher({.ca_file = {}, .timeout = 50ms});
  EXPECT_EQ(fetch(fetcher, to(server.where)).error(), FetchFault::kUnreachable);
  later.wait_for(1);
}

/// Two at once, one of each account; each account may have one more that waits.
constexpr FairLimits kFew = {.at_once = 2, .at_once_of_account = 1, .waiting = 4, .waiting_of_account = 1};

TEST(FetchTest, AnAccountWhoseServersStaySilentHoldsUpNoOther) {
  testing::Later later;
  Running silent(any_port(), later.handler()), healthy(any_port(), answer);
  Fetcher fetcher({.ca_file = {}, .places = kFew, .timeout = 60s});
  const auto of = [](const char* account, const Endpoint& where) {
    FetchRequest request = to(where);
    request.account = *AccountId::parse(account);
    return request;
  };
  std::promise<Outcome> first, second;
  fetcher.get(of("111111111111", silent.where), [&](Outcome got) { first.set_value(std::move(got)); });
  later.wait_for(1);
  fetcher.get(of("111111111111", healthy.where), [&](Outcome got) { second.set_value(std::move(got)); });
  EXPECT_EQ(fetch(fetcher, of("111111111111", healthy.where)).error(), FetchFault::kNoPlace);
  EXPECT_EQ(*fetch(fetcher, of("222222222222", healthy.where)), "document");
  auto waits = second.get_future();
  EXPECT_EQ(waits.wait_for(0s), std::future_status::timeout) << "its account's place is taken";
  later.take(0).second(testing::text("late"));
  EXPECT_EQ(*first.get_future().get(), "late");
  EXPECT_EQ(*waits.get(), "document");
}

TEST(FetchTest, ANameThatDoesNotExistIsUnreachable) {
  Fetcher fetcher({});
  FetchRequest nowhere = to({.host = "host.invalid", .port = 1});
  EXPECT_EQ(fetch(fetcher, nowhere).error(), FetchFault::kUnreachable);
}

TEST(FetchTest, StoppingDropsWhatIsUnderWay) {
  testing::Later later;
  Running server(any_port(), later.handler());
  bool called = false;
  {
    Fetcher fetcher({});
    fetcher.get(to(server.where), [&](const Outcome&) { called = true; });
    later.wait_for(1);
    fetcher.stop();
    fetcher.get(to(server.where), [&](const Outcome&) { called = true; });
  }
  EXPECT_FALSE(called);
}

TEST(FetchTest, OnlyAddressesThatAnybodyCouldMeanArePublic) {
  for (const char* address : {"8.8.8.8", "1.1.1.1", "172.32.0.1", "192.167.255.255", "100.63.0.1", "223.255.255.255",
                              "2606:4700:4700::1111", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(is_public_address(address)) << address;
  }
  for (const char* address : {"0.0.0.0",
                              "0.1.2.3",
                              "10.1.2.3",
                              "100.64.0.1",
                              "127.0.0.1",
                              "127.255.255.255",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.1",
                              "192.168.1.1",
                              "198.18.0.1",
                              "198.19.0.1",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "fe80::1",
                              "fc00::1",
                              "fd00::1",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::ffff:169.254.169.254",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "2001:0:1::",
                              "::7f00:1",
                              "not an address",
                              ""}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
}

}  // namespace
}  // namespace deputy::http
