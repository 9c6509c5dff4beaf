#include "xcsc/VerifyDiagnostics.h"
#include <algorithm>
#include <charconv>
#include <optional>

using namespace xcs;

namespace {

struct Expectation {
  Severity severity;
  uint32_t line; // 0: not a line of this text
  std::string_view text;
  LineColumn at; // the place of the comment
  bool met = false;
};

struct SeverityName {
  std::string_view name;
  Severity severity;
};

} // namespace

static constexpr SeverityName severityNames[] = {{"error", Severity::Error},
                                                 {"warning", Severity::Warning},
                                                 {"remark", Severity::Remark},
                                                 {"note", Severity::Note}};

static std::string_view nameOf(Severity severity) {
  return std::find_if(std::begin(severityNames), std::end(severityNames),
                      [&](const SeverityName &n) { return n.severity == severity; })
      ->name;
}

static bool eat(std::string_view &rest, std::string_view word) {
  if (!rest.starts_with(word))
    return false;
  rest.remove_prefix(word.size());
  return true;
}

/// Reads `@+N`, `@-N`, `@unknown` or nothing at the start of `rest` and removes it; returns the line meant,
/// relative to `line`.
static std::optional<uint32_t> readPlace(std::string_view &rest, uint32_t line) {
  if (!eat(rest, "@"))
    return line;
  if (eat(rest, "unknown"))
    return 0;
  bool up = eat(rest, "-");
  if (!up && !eat(rest, "+"))
    return std::nullopt;
  uint32_t distance = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), distance);
  if (error != std::errc() || (up && distance >= line))
    return std::nullopt;
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  return up ? line - distance : line + distance;
}

/// Parses what follows `expected-`; none if it does not have the form, as in prose.
static std::optional<Expectation> readExpectation(std::string_view rest, LineColumn at) {
  for (const SeverityName &name : severityNames) {
    if (!eat(rest, name.name))
      continue;
    std::optional<uint32_t> line = readPlace(rest, at.line);
    while (eat(rest, " ")) {
    }
    size_t end = rest.find("}}");
    if (!line || !eat(rest, "{{") || end == rest.npos)
      return std::nullopt;
    return Expectation{name.severity, *line, rest.substr(0, end - 2), at};
  }
  return std::nullopt;
}

static std::vector<Expectation> readExpectations(const SourceBuffer &source) {
  static constexpr std::string_view word = "expected-";
  std::vector<Expectation> all;
  uint32_t number = 0;
  std::string_view text = source.text();
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    ++number;
    size_t at = line.find("//");
    while (at != line.npos && (at = line.find(word, at)) != line.npos) {
      LineColumn place{source.name(), number, static_cast<uint32_t>(at + 1)};
      at += word.size();
      if (std::optional<Expectation> expectation = readExpectation(line.substr(at), place))
        all.push_back(*expectation);
    }
    begin = end + 1;
  }
  return all;
}

Status compiler::checkExpectations(const SourceBuffer &source, const std::vector<Diagnostic> &given,
                                   DiagnosticEngine &diagnostics) {
  std::vector<Expectation> expectations = readExpectations(source);
  for (const Diagnostic &d : given) {
    std::string message = d.message + " [" + std::string(d.kind) + "]";
    uint32_t line = d.file == source.name() ? d.line : 0;
    auto fits = [&](const Expectation &e) {
      return !e.met && e.severity == d.severity && e.line == line && message.find(e.text) != message.npos;
    };
    auto met = std::find_if(expectations.begin(), expectations.end(), fits);
    if (met != expectations.end())
      met->met = true;
    else
      diagnostics.reportAt(Diag::UnexpectedDiagnostic, {d.file, d.line, d.column},
                           {nameOf(d.severity), message});
  }
  for (const Expectation &e : expectations)
    if (!e.met)
      diagnostics.reportAt(Diag::ExpectedDiagnostic, e.at, {nameOf(e.severity), e.text});
  if (diagnostics.hasErrors())
    return Failure{};
  return success();
}
