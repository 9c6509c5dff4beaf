#include "Text.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/JSON.h"
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>

namespace xcs::faults {

static void appendEscaped(std::string &out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
}

void appendJsonString(std::string &out, std::string_view text) {
  out += '"';
  if (llvm::json::isUTF8(text))
    appendEscaped(out, text);
  else
    appendEscaped(out, llvm::json::fixUTF8(text));
  out += '"';
}

std::string replaceAll(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t hit; (hit = text.find(from, done)) != std::string_view::npos; done = hit + from.size())
    out.append(text, done, hit - done).append(to);
  return out.append(text, done);
}

std::size_t countWords(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    words += !blank && !inside;
    inside = !blank;
  }
  return words;
}

std::optional<std::uint64_t> parseDurationNs(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0)
    return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  double scale = 0;
  if (unit.empty() || unit == "ms")
    scale = 1e6;
  else if (unit == "s")
    scale = 1e9;
  else if (unit == "us")
    scale = 1e3;
  else if (unit == "ns")
    scale = 1;
  else if (unit == "m")
    scale = 60e9;
  else if (unit == "h")
    scale = 3600e9;
  // A day bounds every use here and keeps the product far from overflow.
  if (scale == 0 || number * scale > 86400e9)
    return std::nullopt;
  return static_cast<std::uint64_t>(number * scale);
}

bool wildcardMatch(std::string_view pattern, std::string_view text) {
  // Greedy with one point to return to: the last star is the only one that ever has to take more.
  std::size_t p = 0, t = 0, star = std::string_view::npos, starText = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      starText = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++starText;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

bool sameIgnoringCase(std::string_view a, std::string_view b) {
  return llvm::StringRef(a).equals_insensitive(b);
}

namespace {
struct CloseFile {
  void operator()(std::FILE *file) const { std::fclose(file); }
};
} // namespace

Result<std::string, Error> readFile(const std::string &path) {
  const auto refuse = [&] { return Error{"cannot read `" + path + "`: " + llvm::sys::StrError(errno)}; };
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file)
    return refuse();
  std::string text;
  char block[65536];
  for (std::size_t n; (n = std::fread(block, 1, sizeof block, file.get())) > 0;)
    text.append(block, n);
  if (std::ferror(file.get()))
    return refuse();
  return text;
}

Result<void, Error> writeFile(const std::string &path, std::string_view text) {
  const auto refuse = [&] { return Error{"cannot write `" + path + "`: " + llvm::sys::StrError(errno)}; };
  std::FILE *file = std::fopen(path.c_str(), "wb");
  if (!file)
    return refuse();
  const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !whole)
    return refuse();
  return {};
}

} // namespace xcs::faults
