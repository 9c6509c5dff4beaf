#include "Ops/KernelSupport.h"
#include "Ops/ScalarText.h"
#include "Ops/Text.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <charconv>

// The operations of the dialect `str` that take a text apart or read it.
namespace xcs::kernels {

namespace {

std::string_view text(const KernelCall &call, size_t i) { return call.operand(i).text(); }

/// Fewer when the run was stopped.
size_t occurrences(std::string_view whole, std::string_view part, const Limits &limits) {
  size_t count = 0;
  for (size_t at = findText(whole, part, limits); at != whole.npos;
       at = findText(whole, part, limits, at + part.size()))
    ++count;
  return count;
}

/// Whether a list of `count` texts with a total of `bytes` may be made.
bool mayAllocateTexts(KernelCall &call, uint64_t count, uint64_t bytes) {
  return mayAllocate(call, Value::sequenceBytes(count * Value::textBytes(0) + bytes));
}

bool unreadable(KernelCall &call, std::string_view what, std::string_view why) {
  std::string_view from = text(call, 0);
  bool spaced = trimWhiteSpace(from).size() < from.size();
  return call.fail(
      Diag::ParseFailed,
      {excerpt(from), what, spaced ? "there is white space around it; remove it with `str.trim`" : why});
}

} // namespace

bool str_count(KernelCall &call) {
  if (text(call, 1).empty())
    return call.fail(Diag::BadArgument, {"the text", opName(call), "have at least one character", "none"});
  const size_t count = occurrences(text(call, 0), text(call, 1), call.limits);
  return !isStopped(call) && returnI64(call, static_cast<int64_t>(count));
}

bool str_split(KernelCall &call) {
  std::string_view whole = text(call, 0);
  std::string_view separator = textOrAttr(call, 1, attrRow<OpCode::str_split>("separator"));
  if (separator.empty())
    return call.fail(Diag::BadArgument,
                     {"the separator", opName(call), "have at least one character", "none"});
  // Counted before anything is allocated: each part takes a block, which may be many times its text.
  size_t count = occurrences(whole, separator, call.limits) + 1;
  if (isStopped(call) || !mayAllocateTexts(call, count, whole.size()))
    return false;
  std::vector<Value> parts;
  parts.reserve(count);
  size_t start = 0;
  for (size_t at = findText(whole, separator, call.limits); at != whole.npos;
       at = findText(whole, separator, call.limits, start)) {
    parts.push_back(Value::str(whole.substr(start, at - start)));
    start = at + separator.size();
  }
  if (isStopped(call))
    return false;
  parts.push_back(Value::str(whole.substr(start)));
  return returnList(call, parts);
}

bool str_lines(KernelCall &call) {
  std::string_view rest = text(call, 0);
  size_t count = static_cast<size_t>(std::count(rest.begin(), rest.end(), '\n')) + 1;
  if (!mayAllocateTexts(call, count, rest.size()))
    return false;
  std::vector<Value> lines;
  lines.reserve(count);
  while (!rest.empty()) {
    if (isStopped(call))
      return false;
    size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    if (end != rest.npos && line.ends_with('\r'))
      line.remove_suffix(1);
    lines.push_back(Value::str(line));
  }
  return returnList(call, lines);
}

bool str_replace(KernelCall &call) {
  std::string_view whole = text(call, 0), from = text(call, 1), to = text(call, 2);
  if (from.empty())
    return call.fail(Diag::BadArgument,
                     {"the second operand", opName(call), "have at least one character", "none"});
  uint64_t count = occurrences(whole, from, call.limits);
  if (isStopped(call))
    return false;
  if (count == 0)
    return returnValue(call, call.operand(0));
  uint64_t total = whole.size() - count * from.size(), added; // both factors have 32 bits
  added = count * to.size();
  if (!mayAllocate(call, Value::textBytes(total + added)))
    return false;
  char *at;
  Value replaced = Value::unwritten(ValueKind::Str, total + added, at);
  size_t start = 0;
  for (size_t found = findText(whole, from, call.limits); found != whole.npos;
       found = findText(whole, from, call.limits, start)) {
    at = std::copy(whole.begin() + start, whole.begin() + found, at);
    at = std::copy(to.begin(), to.end(), at);
    start = found + from.size();
  }
  if (isStopped(call)) // then there may be more after `start` than there is room for
    return false;
  std::copy(whole.begin() + start, whole.end(), at);
  return returnValue(call, std::move(replaced));
}

// Strict: the whole text must be the number. A program that wants a number somewhere in an answer uses other
// operations; white space is what models most often add.
bool str_to_i64(KernelCall &call) {
  std::string_view from = text(call, 0);
  int64_t number;
  auto [stop, failed] = std::from_chars(from.data(), from.data() + from.size(), number);
  if (failed == std::errc::result_out_of_range)
    return unreadable(call, "an i64", "it is out of range");
  if (failed != std::errc() || stop != from.data() + from.size())
    return unreadable(call, "an i64", "it is not a whole number");
  return returnI64(call, number);
}

bool str_to_f64(KernelCall &call) {
  std::string_view from = text(call, 0);
  double number;
  if (std::errc failed = readFloat(from, number); failed != std::errc())
    return unreadable(call, "an f64",
                      failed == std::errc::result_out_of_range ? "it is out of range" : "it is not a number");
  return returnF64(call, number);
}

bool str_to_bool(KernelCall &call) {
  std::string_view from = text(call, 0);
  if (from != "true" && from != "false")
    return unreadable(call, "a bool", "it is neither `true` nor `false`");
  return returnBool(call, from == "true");
}

} // namespace xcs::kernels
