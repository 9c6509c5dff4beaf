#include "RequestLog.h"
#include "llvm/Support/Errno.h"
#include <algorithm>
#include <cerrno>
#include <uv.h>

namespace xcs::faults {

RequestLog::~RequestLog() {
  if (file)
    std::fclose(file);
}

Result<void, Error> RequestLog::open(const std::string &path) {
  startNs = uv_hrtime();
  file = std::fopen(path.c_str(), "wb");
  if (!file)
    return Error{"cannot write `" + path + "`: " + llvm::sys::StrError(errno)};
  return {};
}

static void appendNumber(std::string &out, std::string_view key, std::uint64_t value) {
  out.append(",\"").append(key).append("\":").append(std::to_string(value));
}

static void appendTime(std::string &out, std::string_view key, std::uint64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", static_cast<double>(ns) / 1e6);
  out.append(",\"").append(key).append("\":").append(text);
}

static void appendText(std::string &out, std::string_view key, std::string_view text) {
  out.append(",\"").append(key).append("\":");
  appendJsonString(out, text);
}

/// Names in lower case, so that a test need not know how a client spells them; repeated ones joined (RFC
/// 9110, 5.3).
static void appendHeaders(std::string &out, const std::vector<Header> &headers) {
  std::vector<Header> folded;
  for (const Header &header : headers) {
    const auto same = [&](const Header &other) { return sameIgnoringCase(other.name, header.name); };
    const auto known = std::find_if(folded.begin(), folded.end(), same);
    if (known != folded.end()) {
      known->value += ", " + header.value;
      continue;
    }
    folded.push_back(header);
    for (char &c : folded.back().name)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  out += ",\"headers\":{";
  for (std::size_t i = 0; i < folded.size(); ++i) {
    out += i ? "," : "";
    appendJsonString(out, folded[i].name);
    out += ':';
    appendJsonString(out, folded[i].value);
  }
  out += '}';
}

std::string RequestLog::render(const Exchange &exchange, Outcome outcome, std::uint64_t nowNs) const {
  const HttpRequest &request = exchange.request;
  std::string out = "{\"id\":" + std::to_string(exchange.id);
  appendTime(out, "arrived_ms", exchange.arrivedNs - startNs);
  switch (outcome) {
  case Outcome::Answered:
    appendTime(out, "answered_ms", nowNs - startNs);
    break;
  case Outcome::Aborted:
    out += ",\"aborted\":true";
    appendTime(out, "aborted_ms", nowNs - startNs);
    break;
  case Outcome::Unanswered:
    out += ",\"unanswered\":true";
    break;
  }
  appendNumber(out, "status", exchange.sent ? static_cast<std::uint64_t>(exchange.answer.status) : 0);
  appendNumber(out, "sent", exchange.sent);
  appendNumber(out, "in_flight", exchange.inFlight);
  appendNumber(out, "connection", exchange.connection);
  out += exchange.reused ? ",\"reused\":true" : ",\"reused\":false";
  appendNumber(out, "rule", exchange.rule);
  appendText(out, "method", request.method);
  appendText(out, "path", request.path());
  appendText(out, "target", request.target);
  appendHeaders(out, request.headers);
  appendText(out, "body", request.body);
  return out + "}\n";
}

void RequestLog::ended(const Exchange &exchange, Outcome outcome, std::uint64_t nowNs) {
  ++requests;
  aborted += outcome == Outcome::Aborted;
  maxInFlight = std::max(maxInFlight, exchange.inFlight);
  ++byPath[std::string(exchange.request.path())][exchange.sent ? exchange.answer.status : 0];
  if (!file)
    return;
  const std::string line = render(exchange, outcome, nowNs);
  std::fwrite(line.data(), 1, line.size(), file);
}

std::string RequestLog::summary() const {
  std::string out = "{\"summary\":{\"requests\":" + std::to_string(requests);
  appendNumber(out, "max_in_flight", maxInFlight);
  appendNumber(out, "connections", connections);
  appendNumber(out, "aborted", aborted);
  out += ",\"by_path\":{";
  const char *comma = "";
  for (const auto &[path, statuses] : byPath) {
    out += comma;
    comma = ",";
    appendJsonString(out, path);
    out += ":{";
    const char *inner = "";
    for (const auto &[status, count] : statuses) {
      out.append(inner)
          .append("\"")
          .append(std::to_string(status))
          .append("\":")
          .append(std::to_string(count));
      inner = ",";
    }
    out += '}';
  }
  return out + "}}}\n";
}

bool RequestLog::close() {
  if (!file)
    return true;
  const std::string line = summary();
  std::fwrite(line.data(), 1, line.size(), file);
  const bool good = !std::ferror(file);
  const bool closed = std::fclose(std::exchange(file, nullptr)) == 0;
  return good && closed;
}

} // namespace xcs::faults
