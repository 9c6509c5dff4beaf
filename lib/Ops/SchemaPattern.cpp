#include "Ops/SchemaPattern.h"
#include "Ops/RegexWalk.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <charconv>

using namespace xcs;

namespace {

/// The byte after an escape, a class or one character that begins at `at`.
size_t tokenEnd(std::string_view pattern, size_t at) {
  if (pattern[at] == '\\')
    return std::min(at + 2, pattern.size());
  if (pattern[at] != '[')
    return at + 1;
  size_t end = at + 1;
  if (end < pattern.size() && pattern[end] == '^')
    ++end;
  if (end < pattern.size() && pattern[end] == ']') // RE2 takes a `]` that comes first for itself
    ++end;
  while (end < pattern.size() && pattern[end] != ']')
    end += pattern[end] == '\\' ? 2 : 1;
  return std::min(end + 1, pattern.size());
}

/// The byte after the group that begins at `at`; npos where it is not closed.
size_t groupEnd(std::string_view pattern, size_t at) {
  size_t depth = 0;
  while (at < pattern.size()) {
    if (pattern[at] == '(')
      ++depth;
    if (pattern[at] == ')' && --depth == 0)
      return at + 1;
    at = tokenEnd(pattern, at);
  }
  return std::string_view::npos;
}

/// Whether there is a `|` outside of every group.
bool hasAlternatives(std::string_view pattern) {
  for (size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '|')
      return true;
    size_t group = pattern[at] == '(' ? groupEnd(pattern, at) : std::string_view::npos;
    at = group == std::string_view::npos ? tokenEnd(pattern, at) : group;
  }
  return false;
}

/// Four digits, or any number of them in braces, at `at`, which is moved after them.
bool hexDigits(std::string_view pattern, size_t &at, uint32_t &code) {
  std::string_view digits = pattern.substr(at, 4);
  size_t end = at + 4;
  if (pattern.substr(at).starts_with('{')) {
    size_t close = pattern.find('}', at);
    if (close == std::string_view::npos)
      return false;
    digits = pattern.substr(at + 1, close - at - 1);
    end = close + 1;
  } else if (digits.size() != 4) {
    return false;
  }
  auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size())
    return false;
  at = end;
  return true;
}

/// `\u` at `at`: two that make a pair of surrogates are one character.
bool translateUnicode(std::string_view pattern, size_t &at, std::string &out) {
  uint32_t code, second;
  size_t end = at + 2;
  if (!hexDigits(pattern, end, code) || code > 0x10FFFF)
    return false;
  if (code >= 0xD800 && code < 0xDC00 && pattern.substr(end).starts_with("\\u")) {
    end += 2;
    if (!hexDigits(pattern, end, second) || second < 0xDC00 || second > 0xDFFF)
      return false;
    code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
  }
  if (code >= 0xD800 && code <= 0xDFFF)
    return false;
  out += "\\x{" + llvm::utohexstr(code) + "}";
  at = end;
  return true;
}

/// `\p{Letter}`, `\p{Script=Greek}`: RE2 knows the short names of categories, and scripts by their names
/// alone. Gives how much of the pattern was taken.
size_t translateProperty(std::string_view rest, std::string &out) {
  struct Row {
    std::string_view name, shortName;
  };
  constexpr Row rows[] = {{"Letter", "L"},
                          {"Lowercase_Letter", "Ll"},
                          {"Uppercase_Letter", "Lu"},
                          {"Mark", "M"},
                          {"Number", "N"},
                          {"Decimal_Number", "Nd"},
                          {"digit", "Nd"},
                          {"Punctuation", "P"},
                          {"punct", "P"},
                          {"Symbol", "S"},
                          {"Currency_Symbol", "Sc"},
                          {"Separator", "Z"},
                          {"Space_Separator", "Zs"},
                          {"Other", "C"},
                          {"Control", "Cc"}};
  size_t close = rest.find('}');
  if (close == std::string_view::npos || rest[2] != '{') {
    out += rest.substr(0, 2);
    return 2;
  }
  std::string_view name = rest.substr(3, close - 3);
  for (std::string_view prefix : {"Script=", "sc=", "General_Category=", "gc="})
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
      break;
    }
  const Row *row = std::ranges::find(rows, name, &Row::name);
  out.append(rest.substr(0, 3)).append(row == std::end(rows) ? name : row->shortName) += '}';
  return close + 1;
}

/// The white space of ECMA-262, which is more than RE2's, as it is in a class.
constexpr std::string_view whiteSpace = R"(\t\n\v\f\r\p{Z}\x{FEFF})";

/// One escape at `at`, which is moved after it. `inClass`: within brackets.
bool translateEscape(std::string_view pattern, size_t &at, bool inClass, std::string &out,
                     std::string &what) {
  std::string_view rest = pattern.substr(at);
  const char kind = rest.size() > 1 ? rest[1] : '\0';
  if (kind == 'u') {
    what = "`\\u` needs four hexadecimal digits, or a code point in braces";
    return translateUnicode(pattern, at, out);
  }
  if (kind == 'C') {
    what = "`\\C` would match part of a character; write `.`";
    return false;
  }
  if (rest.size() > 2 && (kind == 'p' || kind == 'P')) {
    at += translateProperty(rest, out);
  } else if (rest.size() > 2 && kind == 'c' && llvm::isAlpha(rest[2])) {
    out += "\\x{" + llvm::utohexstr(static_cast<unsigned char>(rest[2]) % 32u) + "}";
    at += 3;
  } else if (kind == 's' && inClass) {
    out += whiteSpace;
    at += 2;
  } else if (!inClass && (kind == 's' || kind == 'S')) {
    out.append(kind == 's' ? "[" : "[^").append(whiteSpace) += ']';
    at += 2;
  } else if (kind == 'Q') { // RE2's quotation, to the end at most
    out += rest;
    at = pattern.size();
  } else {
    out += rest.substr(0, 2);
    at = std::min(at + 2, pattern.size());
  }
  return true;
}

/// The escapes and groups that ECMA-262 has and RE2 writes otherwise.
bool translate(std::string_view pattern, std::string &out, std::string &what) {
  size_t classEnd = 0; // of the class in progress
  for (size_t at = 0; at < pattern.size();) {
    std::string_view rest = pattern.substr(at);
    if (rest[0] == '[' && at >= classEnd)
      classEnd = tokenEnd(pattern, at);
    const bool inClass = at < classEnd;
    if (rest[0] == '\\') {
      if (!translateEscape(pattern, at, inClass, out, what))
        return false;
    } else if (!inClass && rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' && rest[3] != '!') {
      out += "(?P<";
      at += 3;
    } else {
      out += rest[0];
      ++at;
    }
  }
  return true;
}

bool isLookahead(std::string_view pattern) {
  return pattern.starts_with("(?=") || pattern.starts_with("(?!");
}

/// One expression that RE2 is to take, and whether a text must match it.
using Piece = std::pair<std::string, bool>;

std::vector<Piece> piecesOf(std::string_view pattern) {
  std::vector<Piece> pieces;
  std::string_view rest = pattern;
  if (rest.starts_with('^') && !hasAlternatives(rest)) {
    rest.remove_prefix(1);
    while (isLookahead(rest)) {
      size_t end = groupEnd(rest, 0);
      bool isRepeated =
          end < rest.size() && std::string_view("*+?{").find(rest[end]) != std::string_view::npos;
      if (end == std::string_view::npos || isRepeated)
        return {{std::string(pattern), true}};
      pieces.emplace_back("^(?:" + std::string(rest.substr(3, end - 4)) + ")", rest[2] == '=');
      rest.remove_prefix(end);
    }
  }
  if (pieces.empty())
    return {{std::string(pattern), true}};
  pieces.emplace_back("^" + std::string(rest), true);
  return pieces;
}

} // namespace

std::optional<SchemaPattern> SchemaPattern::compile(std::string_view pattern, const Limits &limits,
                                                    std::string &what) {
  SchemaPattern out;
  out.written = pattern;
  std::string translated;
  if (!translate(pattern, translated, what))
    return std::nullopt;
  for (auto &[piece, wanted] : piecesOf(translated)) {
    auto regex = Regex::compile(piece, limits, what);
    if (!regex) {
      if (what.find("(?") != std::string::npos)
        what += "; lookahead is taken directly after a leading `^` only, and lookbehind nowhere: remove the "
                "pattern or write it without";
      return std::nullopt;
    }
    out.parts.push_back({std::move(regex), wanted});
  }
  return out;
}

bool SchemaPattern::matches(const Value &text, const Limits &limits) const {
  return std::ranges::all_of(parts, [&](const Part &part) {
    return RegexWalk(*part.regex, text, 0, RegexWalk::Find::First, limits).next() == part.wanted;
  });
}

bool SchemaPattern::matches(std::string_view text) const {
  return std::ranges::all_of(parts,
                             [&](const Part &part) { return part.regex->find(text, 0, {}) == part.wanted; });
}
