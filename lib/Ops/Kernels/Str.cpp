#include "Ops/KernelSupport.h"
#include "Ops/ShowValue.h"
#include "Ops/Text.h"
#include "xcs/Ops/Template.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <functional>

// A `str` is always valid UTF-8: kernels rely on it, and must not cut between the bytes of a code point.

namespace xcs::kernels {

namespace {

std::string_view text(const KernelCall &call, size_t i) { return call.operand(i).text(); }

template <class Relation> bool relation(KernelCall &call, Relation holds) {
  return returnBool(call, holds(text(call, 0), text(call, 1)));
}

template <class Function> bool mapLetters(KernelCall &call, Function function) {
  std::string_view from = text(call, 0);
  char *at;
  Value mapped = Value::unwritten(ValueKind::Str, from.size(), at);
  for (size_t begin = 0; begin < from.size(); begin += stopInterval) {
    if (isStopped(call))
      return false;
    const std::string_view piece = from.substr(begin, stopInterval);
    at = std::transform(piece.begin(), piece.end(), at, function);
  }
  return returnValue(call, std::move(mapped));
}

/// The code points of a text; false when the run was stopped.
bool countCodePoints(KernelCall &call, std::string_view text, size_t &count) {
  count = 0;
  for (size_t at = 0; at < text.size(); at += stopInterval) {
    if (isStopped(call))
      return false;
    count += codePointCount(text.substr(at, stopInterval)); // of those that begin in the piece
  }
  return true;
}

/// In code points; false when the run was stopped.
bool lengthOf(KernelCall &call, const Value &text, size_t &length) {
  length = text.size();
  return text.isAscii() || countCodePoints(call, text.text(), length);
}

/// The byte at which a code point begins, or the size of the text; false when the run was stopped.
bool byteOf(KernelCall &call, std::string_view text, size_t index, size_t &byte) {
  for (byte = 0; byte < text.size(); byte += stopInterval) {
    if (isStopped(call))
      return false;
    const std::string_view piece = text.substr(byte, stopInterval);
    const size_t begin = codePointCount(piece);
    if (index < begin) {
      byte += byteOfCodePoint(piece, index);
      return true;
    }
    index -= begin;
  }
  byte = text.size();
  return true;
}

/// Removes white space from both ends; false when the run was stopped. A piece may cut a character, whose
/// rest is looked at with the next one.
bool trim(KernelCall &call, std::string_view &text) {
  static constexpr size_t longestPart = 3;
  for (bool atEnd : {false, true})
    for (size_t white = 1; white > 0 && !text.empty();) {
      if (isStopped(call))
        return false;
      const size_t size = std::min(text.size(), stopInterval);
      const std::string_view piece = text.substr(atEnd ? text.size() - size : 0, size),
                             rest = trimWhiteSpace(piece);
      const size_t before = rest.empty() ? size : static_cast<size_t>(rest.data() - piece.data());
      white = rest.empty() || !atEnd ? before : size - before - rest.size();
      text = atEnd ? text.substr(0, text.size() - white) : text.substr(white);
      if (rest.size() > longestPart)
        break;
    }
  return true;
}

bool isStr(const KernelCall &call, size_t i) {
  return call.constants.kind(call.operandTypes[i]) == TypeKind::Str;
}

/// What `str.format` puts into the placeholders: strings as they are, everything else converted once.
class Fillings {
public:
  bool fill(KernelCall &call) {
    for (size_t i = 0; i < call.operandCount; ++i)
      if (!isStr(call, i)) {
        written.resize(call.operandCount);
        if (!showOperand(call, i, written[i]))
          return false;
      }
    return true;
  }
  std::string_view operator()(const KernelCall &call, size_t i) const {
    return isStr(call, i) ? text(call, i) : written[i];
  }

private:
  std::vector<std::string> written;
};

} // namespace

bool str_format(KernelCall &call) {
  std::vector<TemplatePart> parts;
  parts.reserve(2 * call.operandCount + 1); // each placeholder has a text on both sides
  TemplateError wrong;
  std::string_view source = call.textAttr(attrRow<OpCode::str_format>("template"));
  if (!splitTemplate(source, call.operandCount, parts, wrong))
    return call.fail(Diag::BadTemplate, {std::to_string(wrong.byte), wrong.what});
  Fillings fillings;
  if (!fillings.fill(call))
    return false;
  // The size first, then one block of memory, written once.
  uint64_t total = 0;
  llvm::SmallVector<std::string_view, 16> texts;
  for (const TemplatePart &part : parts) {
    texts.push_back(part.operand == TemplatePart::literal ? part.text : fillings(call, part.operand));
    total += texts.back().size();
  }
  return mayAllocate(call, Value::textBytes(total)) &&
         returnValue(call, joinTexts(ValueKind::Str, total, texts));
}

bool str_from(KernelCall &call) {
  if (isStr(call, 0))
    return returnValue(call, call.operand(0));
  std::string shown;
  return showOperand(call, 0, shown) && returnValue(call, Value::str(shown));
}

bool str_concat(KernelCall &call) { return concatTexts(call, ValueKind::Str); }

bool str_join(KernelCall &call) {
  std::string_view separator = textOrAttr(call, 1, attrRow<OpCode::str_join>("separator"));
  std::span<const Value> items = call.operand(0).items();
  uint64_t total = items.empty() ? 0 : (items.size() - 1) * separator.size();
  for (const Value &item : items)
    total += item.text().size();
  if (!mayAllocate(call, Value::textBytes(total)))
    return false;
  char *at;
  Value joined = Value::unwritten(ValueKind::Str, total, at);
  for (size_t i = 0; i < items.size(); ++i) {
    if (i)
      at = std::copy(separator.begin(), separator.end(), at);
    at = std::copy(items[i].text().begin(), items[i].text().end(), at);
  }
  return returnValue(call, std::move(joined));
}

bool str_trim(KernelCall &call) {
  std::string_view trimmed = text(call, 0);
  return trim(call, trimmed) &&
         returnValue(call, trimmed.size() == text(call, 0).size() ? call.operand(0) : Value::str(trimmed));
}

bool str_lower(KernelCall &call) {
  return mapLetters(call,
                    [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
}
bool str_upper(KernelCall &call) {
  return mapLetters(call,
                    [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
}

bool str_find(KernelCall &call) {
  // UTF-8 is self-synchronising: a valid text is found only where a code point starts.
  size_t byte = findText(text(call, 0), text(call, 1), call.limits);
  if (isStopped(call))
    return false;
  const bool isIndex = byte == std::string_view::npos || call.operand(0).isAscii();
  size_t index = byte;
  return (isIndex || countCodePoints(call, text(call, 0).substr(0, byte), index)) && returnIndex(call, index);
}

// Of a text that is not ASCII linear in the text: an index of code points would have to be kept with each of
// them.
bool str_slice(KernelCall &call) {
  size_t length, first, last, from, size;
  std::string_view whole = text(call, 0);
  if (!lengthOf(call, call.operand(0), length) || !sliceRange(call, length, "a text", first, last))
    return false;
  if (call.operand(0).isAscii())
    return returnValue(call, Value::str(whole.substr(first, last - first)));
  return byteOf(call, whole, first, from) && byteOf(call, whole.substr(from), last - first, size) &&
         returnValue(call, Value::str(whole.substr(from, size)));
}

bool str_length(KernelCall &call) {
  size_t length;
  return lengthOf(call, call.operand(0), length) && returnI64(call, static_cast<int64_t>(length));
}

bool str_starts_with(KernelCall &call) {
  return relation(call, [](std::string_view a, std::string_view b) { return a.starts_with(b); });
}
bool str_ends_with(KernelCall &call) {
  return relation(call, [](std::string_view a, std::string_view b) { return a.ends_with(b); });
}
bool str_contains(KernelCall &call) {
  const bool found = findText(text(call, 0), text(call, 1), call.limits) != std::string_view::npos;
  return !isStopped(call) && returnBool(call, found);
}

bool str_repeat(KernelCall &call) {
  uint64_t times, total;
  std::string_view once = text(call, 0);
  if (!countOperand(call, 1, 0, "the number", times))
    return false;
  if (__builtin_mul_overflow(times, once.size(), &total))
    return exceeds(call, Limit::ValueBytes);
  if (!mayAllocate(call, Value::textBytes(total)))
    return false;
  char *start;
  Value repeated = Value::unwritten(ValueKind::Str, total, start);
  // What is there is doubled: for a short text in large pieces, not letter by letter.
  std::copy_n(once.begin(), std::min<uint64_t>(once.size(), total), start);
  for (uint64_t done = once.size(), more; done < total; done += more) {
    if (isStopped(call))
      return false;
    more = std::min(done, total - done);
    std::copy_n(start, more, start + done);
  }
  return returnValue(call, std::move(repeated));
}

bool str_eq(KernelCall &call) { return relation(call, std::equal_to<>()); }
bool str_ne(KernelCall &call) { return relation(call, std::not_equal_to<>()); }
bool str_lt(KernelCall &call) { return relation(call, std::less<>()); }
bool str_le(KernelCall &call) { return relation(call, std::less_equal<>()); }
bool str_gt(KernelCall &call) { return relation(call, std::greater<>()); }
bool str_ge(KernelCall &call) { return relation(call, std::greater_equal<>()); }

} // namespace xcs::kernels
