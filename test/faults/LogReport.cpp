#include "LogReport.h"
#include "BodyFacts.h"
#include <algorithm>
#include <map>
#include <set>
#include <simdjson.h>
#include <vector>

namespace xcs::faults {

namespace {

namespace dom = simdjson::dom;

/// What a report needs of one request.
struct Line {
  std::uint64_t id = 0, inFlight = 0, connection = 0, status = 0;
  bool aborted = false, unanswered = false;
  std::string method, path, body;

  std::string outcome() const {
    if (aborted)
      return "aborted";
    if (unanswered)
      return "unanswered";
    // The server ended the connection by its script, without a status line.
    return status ? std::to_string(status) : "closed";
  }
};

std::uint64_t count(dom::element object, std::string_view key) {
  std::uint64_t out = 0;
  return object[key].get(out) == simdjson::SUCCESS ? out : 0;
}

std::string text(dom::element object, std::string_view key) {
  std::string_view out;
  return object[key].get(out) == simdjson::SUCCESS ? std::string(out) : std::string();
}

bool holds(dom::element object, std::string_view key) {
  bool out = false;
  return object[key].get(out) == simdjson::SUCCESS && out;
}

Result<std::vector<Line>, Error> readLines(std::string_view log) {
  std::vector<Line> lines;
  dom::parser parser;
  for (std::size_t number = 1; !log.empty(); ++number) {
    const std::string_view row = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(log.size(), row.size() + 1));
    dom::element root, id;
    if (parser.parse(row.data(), row.size()).get(root) != simdjson::SUCCESS)
      return Error{"line " + std::to_string(number) + " of the log is not JSON"};
    // The summary line has no id; all it says follows from the others.
    if (root["id"].get(id) != simdjson::SUCCESS)
      continue;
    lines.push_back({count(root, "id"), count(root, "in_flight"), count(root, "connection"),
                     count(root, "status"), holds(root, "aborted"), holds(root, "unanswered"),
                     text(root, "method"), text(root, "path"), text(root, "body")});
  }
  std::sort(lines.begin(), lines.end(), [](const Line &a, const Line &b) { return a.id < b.id; });
  return lines;
}

/// Line breaks and control characters escaped; quotes stay, as there is nothing around the text.
std::string onOneLine(std::string_view text) {
  std::string quoted;
  appendJsonString(quoted, text);
  return replaceAll(quoted.substr(1, quoted.size() - 2), "\\\"", "\"");
}

} // namespace

Result<std::string, Error> summarize(std::string_view log) {
  auto lines = readLines(log);
  if (!lines)
    return lines.error();
  std::uint64_t maxInFlight = 0, aborted = 0;
  // Connections that carried no request are not in the lines, and not counted.
  std::set<std::uint64_t> connections;
  std::map<std::string, std::uint64_t> rows;
  for (const Line &line : *lines) {
    maxInFlight = std::max(maxInFlight, line.inFlight);
    aborted += line.aborted;
    connections.insert(line.connection);
    ++rows[line.method + " " + line.path + " " + line.outcome()];
  }
  std::string out = "requests: " + std::to_string(lines->size());
  out += "\nmax in flight: " + std::to_string(maxInFlight);
  out += "\naborted: " + std::to_string(aborted);
  out += "\nconnections: " + std::to_string(connections.size()) + "\n";
  for (const auto &[row, times] : rows)
    out += row + ": " + std::to_string(times) + "\n";
  return out;
}

Result<std::string, Error> listRequests(std::string_view log) {
  auto lines = readLines(log);
  if (!lines)
    return lines.error();
  BodyReader reader;
  std::string out;
  for (const Line &line : *lines) {
    out += line.method + " " + line.path + " " + line.outcome();
    const BodyFacts facts = reader.facts(line.body);
    if (!facts.lastUser.empty())
      out += " " + onOneLine(facts.lastUser);
    out += "\n";
  }
  return out;
}

} // namespace xcs::faults
