#pragma once
#include "Answer.h"
#include "Text.h"
#include <cstdio>
#include <map>
#include <string>

namespace xcs::faults {

/// One request from its arrival to its end.
struct Exchange {
  HttpRequest request;
  Answer answer;
  /// 1-based, in order of arrival.
  std::uint64_t id = 0;
  std::uint64_t connection = 0;
  bool reused = false;
  /// At arrival, this one counted.
  std::size_t inFlight = 0;
  /// 1-based; 0: no rule of the script.
  std::size_t rule = 0;
  std::uint64_t arrivedNs = 0;
  /// When the next step is due.
  std::uint64_t dueNs = 0;
  /// The step to send next.
  std::size_t step = 0;
  /// That step may go out as soon as the answers before it are out.
  bool due = false;
  /// Bytes handed to the kernel or queued for it.
  std::size_t sent = 0;
};

enum class Outcome {
  /// All that the script wanted sent was sent.
  Answered,
  /// The client closed the connection first.
  Aborted,
  /// The server ended first.
  Unanswered,
};

/// Counts what happened and, where a file is given, writes a line of JSON a request in the order they end.
/// Times in the file are milliseconds since the log was opened.
class RequestLog {
public:
  RequestLog() = default;
  ~RequestLog();
  RequestLog(const RequestLog &) = delete;
  RequestLog &operator=(const RequestLog &) = delete;

  Result<void, Error> open(const std::string &path);

  void connected() { ++connections; }
  void ended(const Exchange &exchange, Outcome outcome, std::uint64_t nowNs);
  /// Writes the summary line and closes the file. False: not everything could be written.
  bool close();

private:
  std::string render(const Exchange &exchange, Outcome outcome, std::uint64_t nowNs) const;
  std::string summary() const;

  std::FILE *file = nullptr;
  std::uint64_t startNs = 0;
  std::uint64_t requests = 0, connections = 0, aborted = 0;
  std::size_t maxInFlight = 0;
  /// Ordered, so that the summary is.
  std::map<std::string, std::map<int, std::uint64_t>> byPath;
};

} // namespace xcs::faults
