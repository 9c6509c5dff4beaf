#pragma once
#include "Connection.h"
#include "RuleBook.h"
#include "TimerQueue.h"
#include "llvm/ADT/DenseMap.h"
#include <map>
#include <memory>
#include <vector>

namespace xcs::faults {

/// The endpoint: listens on 127.0.0.1, asks the rule book for each request's answer and sends it when it is
/// due.
///
/// Thread safety: none; everything happens on the loop's thread.
/// Invariants: an exchange is in `inFlight` from its arrival until it is logged, and nowhere after.
class Server {
public:
  Server(uv_loop_t *loop, Script script, AnswerDefaults defaults, RequestLog &log);
  ~Server();
  Server(const Server &) = delete;
  Server &operator=(const Server &) = delete;

  /// Port 0 takes a free one.
  Result<void, Error> listen(int port);
  int port() const { return boundPort; }
  const std::string &url() const { return defaults.url; }

  /// Closes everything; the loop ends once it has turned. What is in flight is logged as unanswered.
  void stop();

  /// The 1-based numbers of the rules nothing has matched.
  std::vector<std::size_t> unmatchedRules() const { return book.unmatched(); }
  /// Grows with every connection, request and end of a request: tells whether something is still going on.
  std::uint64_t events() const { return lastConnection + lastId + retired; }

  // For Connection.

  /// Numbers a request, works out its answer and sets its timer.
  std::unique_ptr<Exchange> admit(Connection &connection, HttpRequest request, bool reused);
  /// Marks the exchange due at once if the time has come, or wakes its connection then.
  void schedule(Exchange &exchange, std::uint64_t timeNs);
  void retire(const Exchange &exchange, Outcome outcome, std::uint64_t nowNs);
  void onClosed(const Connection &connection);
  /// Shared by all connections: libuv fills it and its bytes are used up before the next read.
  uv_buf_t readBuffer() { return uv_buf_init(buffer.data(), static_cast<unsigned>(buffer.size())); }

private:
  struct Pending {
    Exchange *exchange;
    Connection *connection;
  };

  void onConnection(int status);
  /// The exchange's next step has come due.
  void wake(std::uint64_t id);
  /// True: the exchange waits behind its rule's barrier and has no timer yet.
  bool hold(Exchange &exchange, const RuleBook::Choice &choice);

  uv_loop_t *loop;
  RuleBook book;
  AnswerDefaults defaults;
  RequestLog &log;
  BodyReader reader;
  TimerQueue timers;
  uv_tcp_t listener{};
  bool listening = false;
  int boundPort = 0;
  std::vector<char> buffer;
  std::uint64_t lastId = 0, lastConnection = 0, retired = 0;
  std::map<std::uint64_t, std::unique_ptr<Connection>> connections;
  llvm::DenseMap<std::uint64_t, Pending> inFlight;
  /// Per hash of method, path and body: how many requests had it.
  llvm::DenseMap<std::uint64_t, std::uint64_t> draws;
  /// Per rule: the exchanges that wait behind its barrier.
  std::map<std::size_t, std::vector<std::uint64_t>> held;
};

} // namespace xcs::faults
