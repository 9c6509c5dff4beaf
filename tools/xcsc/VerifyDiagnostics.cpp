#include "xcsc/VerifyDiagnostics.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Regex.h"
#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

using namespace xcs;

namespace {

struct Expectation {
  Severity severity;
  uint32_t line; // 0: not a line of this text
  std::string_view text;
  LineColumn at;                                     // the place of the comment
  std::optional<llvm::Regex> pattern = std::nullopt; // of `-re`, in place of the text
  size_t least = 1, most = 1;                        // messages
  size_t met = 0;

  bool fits(const std::string &message) const {
    return pattern ? pattern->match(message) : message.find(text) != message.npos;
  }
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

/// Reads `2`, `2+` or nothing, and the blanks around it.
static bool readCount(std::string_view &rest, Expectation &expectation) {
  while (eat(rest, " ")) {
  }
  size_t count = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
  if (end != rest.data()) {
    if (error != std::errc())
      return false;
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    expectation.least = count;
    expectation.most = eat(rest, "+") ? SIZE_MAX : count;
  }
  while (eat(rest, " ")) {
  }
  return true;
}

/// The text between `{{` and the `}}` that closes it, which is removed with them; none if it is not closed.
static std::optional<std::string_view> readText(std::string_view &rest) {
  if (!eat(rest, "{{"))
    return std::nullopt;
  unsigned open = 1;
  for (size_t i = 0; i + 1 < rest.size(); ++i) {
    const std::string_view two = rest.substr(i, 2);
    if (two != "{{" && two != "}}")
      continue;
    open += two == "{{" ? 1 : -1u;
    if (open == 0) {
      // Of `}}}` the first belongs to the text.
      while (i + 2 < rest.size() && rest[i + 2] == '}')
        ++i;
      return std::exchange(rest, rest.substr(i + 2)).substr(0, i);
    }
    ++i;
  }
  return std::nullopt;
}

/// A text whose parts in `{{ }}` are regular expressions.
static llvm::Regex patternOf(std::string_view text) {
  std::string pattern;
  while (!text.empty()) {
    const size_t begin = text.find("{{"), end = begin == text.npos ? text.npos : text.find("}}", begin);
    pattern += llvm::Regex::escape(llvm::StringRef(text.substr(0, end == text.npos ? text.npos : begin)));
    if (end == text.npos)
      break;
    pattern.append("(").append(text.substr(begin + 2, end - begin - 2)).append(")");
    text.remove_prefix(end + 2);
  }
  return llvm::Regex(pattern);
}

/// Parses what follows `expected-`. None if that is not an expectation: `why` then says what is wrong, or is
/// empty in prose.
static std::optional<Expectation> readExpectation(std::string_view rest, LineColumn at, bool isFirst,
                                                  std::string &why) {
  const std::string_view all = rest;
  const bool isProse = !isFirst && all.find("{{") == all.npos;
  auto wrong = [&](std::string_view what) {
    why = isProse ? "" : what;
    return std::nullopt;
  };
  const SeverityName *name = std::find_if(std::begin(severityNames), std::end(severityNames),
                                          [&](const SeverityName &n) { return rest.starts_with(n.name); });
  if (name == std::end(severityNames))
    return wrong("no messages have this name");
  rest.remove_prefix(name->name.size());
  const bool isPattern = eat(rest, "-re");
  std::optional<uint32_t> line = readPlace(rest, at.line);
  Expectation expectation{name->severity, line.value_or(0), {}, at};
  if (!line)
    return wrong("its line is neither `@+N`, `@-N` nor `@unknown`");
  if (!readCount(rest, expectation))
    return wrong("its count is not a number");
  std::optional<std::string_view> text = readText(rest);
  if (!text)
    return wrong("it has no text in `{{` and `}}`");
  expectation.text = *text;
  std::string problem;
  if (isPattern && !expectation.pattern.emplace(patternOf(*text)).isValid(problem))
    return wrong("its regular expression is invalid: " + problem);
  return expectation;
}

/// The expectations in the comments of a text; reports what looks like one and is none.
static std::vector<Expectation> readExpectations(const SourceBuffer &source, DiagnosticEngine &diagnostics) {
  static constexpr std::string_view word = "expected-";
  std::vector<Expectation> all;
  uint32_t number = source.linesBefore();
  std::string_view text = source.text();
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    ++number;
    size_t at = line.find("//");
    const size_t first = at == line.npos ? at : line.find_first_not_of("/ \t", at);
    while (at != line.npos && (at = line.find(word, at)) != line.npos) {
      const size_t begin = at;
      LineColumn place{source.name(), number, static_cast<uint32_t>(begin + 1)};
      at += word.size();
      if (line[begin - 1] != ' ' && line[begin - 1] != '/')
        continue; // a part of another word, such as the kind of a message in brackets
      std::string why;
      if (auto expectation = readExpectation(line.substr(at), place, begin == first, why))
        all.push_back(std::move(*expectation));
      else if (!why.empty())
        diagnostics.reportAt(
            Diag::UnknownExpectation, place,
            {line.substr(begin, std::min<size_t>(line.find(' ', begin), line.size()) - begin), why});
    }
    begin = end + 1;
  }
  return all;
}

Status compiler::checkExpectations(const SourceBuffer &source, const std::vector<Diagnostic> &given,
                                   DiagnosticEngine &diagnostics) {
  std::vector<Expectation> expectations = readExpectations(source, diagnostics);
  for (const Diagnostic &d : given) {
    std::string message = d.message + " [" + std::string(d.kind) + "]";
    uint32_t line = d.file == source.name() ? d.line : 0;
    auto fits = [&](const Expectation &e) {
      return e.met < e.most && e.severity == d.severity && e.line == line && e.fits(message);
    };
    auto met = std::find_if(expectations.begin(), expectations.end(), fits);
    if (met != expectations.end())
      ++met->met;
    else
      diagnostics.reportAt(Diag::UnexpectedDiagnostic, {d.file, d.line, d.column},
                           {nameOf(d.severity), message});
  }
  for (const Expectation &e : expectations)
    if (e.met < e.least) {
      const std::string text = e.least == 1 ? std::string(e.text)
                                            : std::string(e.text) + " (" + std::to_string(e.met) + " of " +
                                                  std::to_string(e.least) + ")";
      diagnostics.reportAt(Diag::ExpectedDiagnostic, e.at, {nameOf(e.severity), text});
    }
  if (diagnostics.hasErrors())
    return Failure{};
  return success();
}
