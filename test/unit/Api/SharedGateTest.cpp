// Gates are shared by what they guard, over all runs and plans of a session.
#include "Api/SessionTest.h"
#include "xcs/Support/Descriptor.h"
#include <algorithm>
#include <arpa/inet.h>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace xcs;

namespace {

/// Answers each request after 40 ms, and counts how many it has at once. Takes so many connections, each for
/// one request.
class Counting {
public:
  explicit Counting(int connections) {
    for (const char *name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      unsetenv(name);
    listener = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(*listener, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    EXPECT_EQ(listen(*listener, 64), 0);
    socklen_t size = sizeof address;
    getsockname(*listener, reinterpret_cast<sockaddr *>(&address), &size);
    port = ntohs(address.sin_port);
    thread = std::thread([this, connections] {
      std::vector<std::thread> each;
      for (int i = 0; i < connections; ++i)
        each.emplace_back(
            [this, number = accept(*listener, nullptr, nullptr)] { serve(Descriptor(number)); });
      for (std::thread &one : each)
        one.join();
    });
  }
  ~Counting() { thread.join(); }

  std::string host(const std::string &name = "127.0.0.1") const { return name + ":" + std::to_string(port); }
  std::atomic<int> most{0};

private:
  void serve(Descriptor connection) {
    std::string got;
    char buffer[4096];
    while (got.find("\r\n\r\n") == std::string::npos) {
      const ssize_t size = read(*connection, buffer, sizeof buffer);
      if (size <= 0)
        return;
      got.append(buffer, static_cast<size_t>(size));
    }
    const int now = ++inFlight;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);)
      ;
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    --inFlight;
    const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    EXPECT_GT(send(*connection, answer.data(), answer.size(), MSG_NOSIGNAL), 0);
  }

  uint16_t port = 0;
  std::atomic<int> inFlight{0};
  Descriptor listener;
  std::thread thread;
};

/// A resource.
std::string service(const std::string &symbol, const std::string &url, int mostInFlight) {
  return "http @" + symbol + " {url = \"" + url + "\", max_in_flight = " + std::to_string(mostInFlight) +
         "}\n";
}

/// A request to one, whose status has the same name.
std::string request(const std::string &symbol) {
  return "  %a" + symbol + " = http.request @" + symbol +
         "(%path) {method = \"GET\"} : record<status: i64, headers: list<record<name: str, value: str>>, "
         "body: "
         "str>\n  %" +
         symbol + " = record.get(%a" + symbol + ") {field = \"status\"} : i64\n";
}

/// A plan with one request to a resource.
std::string requestTo(const std::string &symbol, const std::string &url, int mostInFlight) {
  return service(symbol, url, mostInFlight) +
         "func @main() -> i64 {\n  %path = const {value = \"x\"} : str\n" + request(symbol) + "  return(%" +
         symbol + ")\n}\n";
}

/// Submits so many runs of each, and expects all to succeed.
void runAll(const std::vector<std::string> &programs, int each, const Counting &server,
            int64_t result = 200) {
  SessionOptions options = jobs(2);
  options.world.grants.allowNet(server.host());
  options.world.grants.allowNet(server.host("localhost"));
  Session session(options);
  std::vector<RunRef> runs;
  std::vector<ProgramRef> loadedOnes;
  for (const std::string &text : programs)
    loadedOnes.push_back(loaded(session, text));
  for (int i = 0; i < each; ++i)
    for (const ProgramRef &program : loadedOnes)
      runs.push_back(session.submit(program, 0, {}));
  for (const RunRef &run : runs) {
    session.wait(run);
    ASSERT_TRUE(run.report().ok) << run.report().failure.message;
    EXPECT_EQ(run.result(0)->asI64(), result);
  }
}

} // namespace

TEST(SharedGate, TwoPlansOfOneOriginShareIt) {
  Counting server(16);
  const std::string url = "http://" + server.host();
  runAll({requestTo("one", url + "/a", 2), requestTo("other", url + "/b/", 2)}, 8, server);
  EXPECT_EQ(server.most, 2);
}

TEST(SharedGate, RunsOfOnePlanShareIt) {
  Counting server(8);
  runAll({requestTo("one", "http://" + server.host(), 1)}, 8, server);
  EXPECT_EQ(server.most, 1);
}

TEST(SharedGate, OtherBoundsAreAnotherGate) {
  Counting server(16);
  const std::string url = "http://" + server.host();
  runAll({requestTo("one", url, 1), requestTo("one", url, 2)}, 8, server);
  EXPECT_EQ(server.most, 3);
}

/// As in a run of its own: each declaration of a plan is a gate.
TEST(SharedGate, TwoResourcesOfOnePlanStayTwo) {
  Counting server(8);
  const std::string url = "http://" + server.host();
  runAll({service("one", url, 1) + service("two", url, 1) +
          "func @main() -> i64 {\n  %path = const {value = \"x\"} : str\n" + request("one") + request("two") +
          "  %sum = i64.add(%one, %two) : i64\n  return(%sum)\n}\n"},
         4, server, 400);
  EXPECT_EQ(server.most, 2);
}

TEST(SharedGate, ALimitIsSharedBySymbolAndBounds) {
  const char *const limited = R"(
limit @desk {max_in_flight = 1}
func @main(%time: duration) -> none {
  %w = time.sleep(%time) {limit = @desk} : none
  return(%w)
}
)";
  Session session(jobs(2));
  ProgramRef one = loaded(session, limited), other = loaded(session, std::string("\n") + limited);
  const auto begun = std::chrono::steady_clock::now();
  std::vector<RunRef> runs;
  for (int i = 0; i < 5; ++i)
    for (const ProgramRef &program : {one, other})
      runs.push_back(session.submit(program, 0, {RunInput(Value::duration(10 * ms))}));
  for (const RunRef &run : runs)
    session.wait(run);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(100)); // ten in turn
}
