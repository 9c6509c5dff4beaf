#include "xcs/Io/HttpClient.h"
#include "Io/ReactorSupport.h"
#include "xcs/Io/Beneath.h"
#include <arpa/inet.h>
#include <atomic>
#include <cstdlib>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace xcs;
using End = HttpOutcome::End;

namespace {

/// A socket that listens on the loopback interface, and its port.
Descriptor listeningSocket(uint16_t &port) {
  Descriptor made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(*made, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
  EXPECT_EQ(listen(*made, 64), 0);
  socklen_t size = sizeof address;
  getsockname(*made, reinterpret_cast<sockaddr *>(&address), &size);
  port = ntohs(address.sin_port);
  return made;
}

/// A server on a thread of its own that answers each request on a connection with the next of its texts, and
/// then closes the connection. It takes `connections` of them.
class Server {
public:
  Server(int connections, std::vector<std::string> answers) : answers(std::move(answers)) {
    listener = listeningSocket(port);
    thread = std::thread([this, connections] {
      for (int i = 0; i < connections; ++i)
        serve(Descriptor(accept(*listener, nullptr, nullptr)));
    });
  }
  ~Server() { thread.join(); }
  std::string url(std::string path = "/x") const { return "http://127.0.0.1:" + std::to_string(port) + path; }

  uint16_t port = 0;
  std::vector<std::string> requests; // heads; read when the server is gone or all have been answered

private:
  void serve(Descriptor connection) {
    std::string got;
    for (const std::string &answer : answers) {
      while (got.find("\r\n\r\n") == std::string::npos) {
        char buffer[4096];
        ssize_t size = read(*connection, buffer, sizeof buffer);
        if (size <= 0)
          return;
        got.append(buffer, static_cast<size_t>(size));
      }
      requests.push_back(got.substr(0, got.find("\r\n\r\n")));
      got.erase(0, got.find("\r\n\r\n") + 4);
      if (send(*connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0)
        return;
    }
  }
  std::vector<std::string> answers;
  Descriptor listener;
  std::thread thread;
};

/// A server on a thread of its own that holds its answers back until so many requests have come, sends those
/// together, and answers each further request at once. The body of an answer is the path without its slash.
class Crowd {
public:
  explicit Crowd(size_t heldBack) : heldBack(heldBack) {
    listener = listeningSocket(port);
    thread = std::thread([this] { serve(); });
  }
  ~Crowd() {
    isOver = true;
    thread.join();
  }
  std::string url(std::string path) const { return "http://127.0.0.1:" + std::to_string(port) + path; }

private:
  void serve() {
    while (!isOver) {
      std::vector<pollfd> asked{{*listener, POLLIN, 0}};
      for (const Descriptor &one : connections)
        asked.push_back({*one, POLLIN, 0});
      poll(asked.data(), asked.size(), 10);
      for (size_t i = asked.size(); i-- > 1;)
        if (asked[i].revents && !take(*connections[i - 1]))
          connections.erase(connections.begin() + static_cast<ptrdiff_t>(i - 1));
      if (asked[0].revents)
        connections.emplace_back(accept(*listener, nullptr, nullptr));
      if (heldBack > waiting.size())
        continue;
      heldBack = 0;
      for (const auto &[connection, text] : std::exchange(waiting, {}))
        send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    }
  }
  /// Takes a request, which comes in one piece; false if the connection is closed.
  bool take(int connection) {
    char buffer[4096];
    const ssize_t size = read(connection, buffer, sizeof buffer);
    if (size <= 0)
      return false;
    const std::string_view head(buffer, static_cast<size_t>(size));
    const size_t path = head.find('/') + 1;
    const std::string body(head.substr(path, head.find(' ', path) - path));
    waiting.emplace_back(connection, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                                         "\r\n\r\n" + body);
    return true;
  }

  size_t heldBack;
  uint16_t port = 0;
  Descriptor listener;
  std::vector<Descriptor> connections;
  std::vector<std::pair<int, std::string>> waiting; // answers and their connections
  std::atomic<bool> isOver{false};
  std::thread thread;
};

std::string answer(std::string body, std::string headers = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" +
         body;
}

class HttpClientTest : public ::testing::Test {
protected:
  HttpClientTest() {
    for (const char *name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      unsetenv(name);
    reactor = startedReactor({.turn = {}, .closing = [this] { client.reset(); }});
    bounds.sockets = {8, 4};
    bounds.mayReach = [](std::string_view, uint16_t) { return true; };
  }
  HttpOutcome get(std::string url, bool isLiteral = true) {
    HttpOutcome out;
    Latch ended(1);
    onReactor(*reactor, [&] {
      if (!client)
        client.emplace(*reactor, bounds);
      HttpRequest request;
      request.url = std::move(url);
      request.hostIsLiteral = isLiteral;
      client->start(std::move(request), [&](HttpOutcome outcome) {
        out = std::move(outcome);
        ended.countDown();
      });
    });
    ended.wait();
    return out;
  }

  HttpBounds bounds;
  std::optional<HttpClient> client;
  std::unique_ptr<Reactor> reactor; // first to go
};

} // namespace

TEST_F(HttpClientTest, AnAnswerComesBackAndItsConnectionIsKept) {
  Server server(1, {answer("one", "X-A: b\r\n"), answer("two")});
  HttpOutcome first = get(server.url()), second = get(server.url("/y?z"));
  EXPECT_EQ(first.end, End::Answered) << first.reason;
  EXPECT_EQ(first.response.status, 200);
  EXPECT_EQ(first.response.body, "one");
  EXPECT_EQ(first.response.header("x-a"), "b");
  EXPECT_TRUE(first.newConnection);
  EXPECT_EQ(second.response.body, "two");
  EXPECT_FALSE(second.newConnection);
  ASSERT_EQ(server.requests.size(), 2u);
  EXPECT_TRUE(server.requests[1].starts_with("GET /y?z HTTP/1.1\r\n"));
}

TEST_F(HttpClientTest, AKeptConnectionThatIsDeadCostsOneMoreRequest) {
  Server server(2, {answer("x")});
  EXPECT_EQ(get(server.url()).response.body, "x");
  HttpOutcome again = get(server.url());
  EXPECT_EQ(again.end, End::Answered) << again.reason;
  EXPECT_TRUE(again.newConnection);
}

TEST_F(HttpClientTest, AddressesThatMayNotBeReachedAreNotConnectedTo) {
  std::string asked;
  bounds.mayReach = [&](std::string_view address, uint16_t port) {
    asked = std::string(address) + " " + std::to_string(port);
    return false;
  };
  HttpOutcome outcome = get("http://127.0.0.1:9/");
  EXPECT_EQ(outcome.end, End::AddressDenied);
  EXPECT_EQ(outcome.reason, "127.0.0.1:9");
  EXPECT_EQ(asked, "127.0.0.1 9");
  EXPECT_FALSE(outcome.mayHaveArrived);
  EXPECT_EQ(get("http://127.0.0.1:9/", false).end, End::AddressRefused) << "a name led to this machine";
}

TEST_F(HttpClientTest, LimitsOfAnAnswerHold) {
  bounds.limits.set(Limit::ResponseBytes, 10);
  Server server(1, {answer("eleven byte")});
  HttpOutcome outcome = get(server.url());
  EXPECT_EQ(outcome.end, End::TooLarge);
  EXPECT_EQ(outcome.reason, "response-bytes=10");
}

TEST_F(HttpClientTest, ACutAnswerIsBrokenAndMayHaveArrived) {
  Server server(1, {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"});
  HttpOutcome outcome = get(server.url());
  EXPECT_EQ(outcome.end, End::Broken);
  EXPECT_TRUE(outcome.mayHaveArrived);
}

TEST_F(HttpClientTest, WhereNobodyListensNothingHasArrived) {
  uint16_t port;
  {
    Server gone(0, {});
    port = gone.port;
  }
  HttpOutcome outcome = get("http://127.0.0.1:" + std::to_string(port) + "/");
  EXPECT_EQ(outcome.end, End::NotConnected);
  EXPECT_FALSE(outcome.mayHaveArrived);
  setenv("http_proxy", ("http://me:secret@127.0.0.1:" + std::to_string(port)).c_str(), 1);
  onReactor(*reactor, [&] { client.reset(); }); // a client reads the environment once
  outcome = get("http://a.example/");
  EXPECT_EQ(outcome.end, End::NotConnected);
  EXPECT_NE(outcome.reason.find("the proxy `http://127.0.0.1:" + std::to_string(port) + "`"),
            std::string::npos)
      << outcome.reason;
  EXPECT_EQ(outcome.reason.find("secret"), std::string::npos);
  unsetenv("http_proxy");
}

TEST_F(HttpClientTest, ACancelledRequestIsNotToldOf) {
  Server server(1, {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"});
  onReactor(*reactor, [&] {
    client.emplace(*reactor, bounds);
    HttpRequest request;
    request.url = server.url();
    request.hostIsLiteral = true;
    auto *transfer =
        client->start(std::move(request), [](HttpOutcome) { ADD_FAILURE() << "nobody wants it any more"; });
    EXPECT_EQ(client->size(), 1u);
    EXPECT_FALSE(client->cancel(transfer).mayHaveArrived) << "nothing was sent yet";
    EXPECT_EQ(client->size(), 0u);
  });
  EXPECT_EQ(get(server.url()).end, End::Broken); // so that the server ends
}

/// Answers that arrive together: the first to be told of has the others closed and starts as many anew, which
/// get the numbers of the closed sockets while events of those are still to be handed out.
TEST_F(HttpClientTest, SocketsClosedWhileOthersAreReadyAreNotTakenForNewOnes) {
  constexpr int many = 40;
  bounds.sockets = {many, many};
  Crowd server(many);
  std::vector<HttpClient::Transfer *> running(many, nullptr);
  std::vector<std::string> bodies;
  Latch ended(many);
  auto request = [&](std::string path) {
    HttpRequest made;
    made.url = server.url(std::move(path));
    made.hostIsLiteral = true;
    return made;
  };
  onReactor(*reactor, [&] {
    client.emplace(*reactor, bounds);
    for (int i = 0; i < many; ++i)
      running[i] = client->start(request("/first"), [&, i](HttpOutcome first) {
        EXPECT_EQ(first.response.body, "first") << first.reason;
        running[i] = nullptr;
        for (HttpClient::Transfer *&other : running)
          if (other)
            client->cancel(std::exchange(other, nullptr));
        for (int j = 0; j < many; ++j)
          client->start(request("/second"), [&](HttpOutcome second) {
            bodies.push_back(second.end == End::Answered ? second.response.body : second.reason);
            ended.countDown();
          });
      });
  });
  ended.wait();
  EXPECT_EQ(bodies, std::vector<std::string>(many, "second"));
}
