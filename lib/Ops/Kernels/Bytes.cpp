#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/SHA256.h"
#include <algorithm>

namespace xcs::kernels {

namespace {

std::string_view content(const KernelCall &call) { return call.operand(0).text(); }

/// Returns these bytes as a `str`, if they are UTF-8.
bool returnText(KernelCall &call, std::string_view bytes) {
  size_t invalid = invalidUtf8At(bytes);
  if (invalid != std::string_view::npos)
    return call.fail(Diag::InvalidUtf8, {std::to_string(invalid), "the bytes"});
  return returnValue(call, Value::str(bytes));
}

/// Calls `work(piece, isLast)` for the operand in pieces; false if the run was stopped or `work` returned
/// false.
template <class Work> bool inPieces(KernelCall &call, Work work) {
  std::string_view rest = content(call);
  do {
    if (isStopped(call))
      return false;
    std::string_view piece = rest.substr(0, stopInterval);
    rest.remove_prefix(piece.size());
    if (!work(piece, rest.empty()))
      return false;
  } while (!rest.empty());
  return true;
}

bool decodeBase64(KernelCall &call, std::string &decoded) {
  std::vector<char> part;
  bool isRight = true;
  decoded.reserve(content(call).size() / 4 * 3);
  if (inPieces(call, [&](std::string_view piece, bool isLast) {
        llvm::Error wrong = llvm::decodeBase64(piece, part);
        isRight = !wrong && (isLast || !piece.ends_with('=')); // padding only at the end
        llvm::consumeError(std::move(wrong));
        decoded.append(part.data(), part.size());
        return isRight;
      }))
    return true;
  return !isRight && call.fail(Diag::ParseFailed,
                               {excerpt(content(call)), "base64", "a character is invalid, or the padding"});
}

// LLVM would read an odd number of digits as if it had a leading 0.
bool decodeHex(KernelCall &call, std::string &decoded) {
  bool isRight = content(call).size() % 2 == 0;
  decoded.reserve(content(call).size() / 2);
  if (isRight && inPieces(call, [&](std::string_view piece, bool) {
        std::string part;
        isRight = llvm::tryGetFromHex(piece, part);
        decoded += part;
        return isRight;
      }))
    return true;
  return !isRight && call.fail(Diag::ParseFailed, {excerpt(content(call)), "hexadecimal digits",
                                                   "a character is invalid, or one is missing"});
}

/// Returns a text of `size` bytes, made by applying `write` to each piece of the operand.
template <class Write> bool returnWritten(KernelCall &call, uint64_t size, Write write) {
  if (!mayAllocate(call, Value::textBytes(size)))
    return false;
  char *at;
  Value written = Value::unwritten(ValueKind::Str, size, at);
  return inPieces(call,
                  [&](std::string_view piece, bool) {
                    std::string part = write(piece);
                    at = std::copy(part.begin(), part.end(), at);
                    return true;
                  }) &&
         returnValue(call, std::move(written));
}

} // namespace

// The same bytes with another type: a copy, because a value carries its kind.
bool bytes_from_str(KernelCall &call) { return returnValue(call, Value::bytes(content(call))); }

bool bytes_to_str(KernelCall &call) { return returnText(call, content(call)); }

bool bytes_len(KernelCall &call) { return returnI64(call, static_cast<int64_t>(content(call).size())); }

bool bytes_slice(KernelCall &call) {
  size_t first, last;
  return sliceRange(call, content(call).size(), "bytes", first, last) &&
         returnValue(call, Value::bytes(content(call).substr(first, last - first)));
}

bool bytes_concat(KernelCall &call) { return concatTexts(call, ValueKind::Bytes); }

bool bytes_eq(KernelCall &call) { return returnBool(call, content(call) == call.operand(1).text()); }

// Every three bytes become four characters.
bool bytes_to_base64(KernelCall &call) {
  return returnWritten(call, (content(call).size() + 2) / 3 * 4,
                       [](std::string_view piece) { return llvm::encodeBase64(piece); });
}

bool bytes_from_base64(KernelCall &call) {
  std::string decoded;
  return decodeBase64(call, decoded) && returnValue(call, Value::bytes(decoded));
}

bool bytes_to_hex(KernelCall &call) {
  return returnWritten(call, 2 * content(call).size(),
                       [](std::string_view piece) { return llvm::toHex(llvm::StringRef(piece), true); });
}

bool bytes_from_hex(KernelCall &call) {
  std::string decoded;
  return decodeHex(call, decoded) && returnValue(call, Value::bytes(decoded));
}

bool bytes_sha256(KernelCall &call) {
  llvm::SHA256 hash;
  if (!inPieces(call,
                [&](std::string_view piece, bool) { return hash.update(llvm::StringRef(piece)), true; }))
    return false;
  return returnValue(call, Value::str(llvm::toHex(hash.final(), true)));
}

// The same codings of the UTF-8 of a string; the decoded bytes must be UTF-8.
bool str_to_base64(KernelCall &call) { return bytes_to_base64(call); }
bool str_to_hex(KernelCall &call) { return bytes_to_hex(call); }
bool str_sha256(KernelCall &call) { return bytes_sha256(call); }

bool str_from_base64(KernelCall &call) {
  std::string decoded;
  return decodeBase64(call, decoded) && returnText(call, decoded);
}

bool str_from_hex(KernelCall &call) {
  std::string decoded;
  return decodeHex(call, decoded) && returnText(call, decoded);
}

bool str_url_encode(KernelCall &call) {
  auto stays = [](char c) { return llvm::isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; };
  std::string_view from = content(call);
  uint64_t kept = static_cast<uint64_t>(std::count_if(from.begin(), from.end(), stays));
  uint64_t size = kept + 3 * (from.size() - kept);
  if (!mayAllocate(call, Value::textBytes(size)))
    return false;
  char *at;
  Value encoded = Value::unwritten(ValueKind::Str, size, at);
  for (size_t i = 0; i < from.size(); ++i) {
    if (i % stopInterval == 0 && isStopped(call))
      return false;
    const char c = from[i];
    if (stays(c)) {
      *at++ = c;
      continue;
    }
    *at++ = '%';
    *at++ = llvm::hexdigit(static_cast<unsigned char>(c) >> 4);
    *at++ = llvm::hexdigit(static_cast<unsigned char>(c) & 15);
  }
  return returnValue(call, std::move(encoded));
}

bool str_url_decode(KernelCall &call) {
  std::string_view from = content(call);
  std::string decoded;
  decoded.reserve(from.size());
  for (size_t i = 0; i < from.size(); ++i) {
    if (i % stopInterval == 0 && isStopped(call))
      return false;
    uint8_t byte;
    if (from[i] != '%') {
      decoded += from[i];
    } else if (i + 2 < from.size() && llvm::tryGetHexFromNibbles(from[i + 1], from[i + 2], byte)) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      return call.fail(Diag::ParseFailed,
                       {excerpt(from), "a URL's text",
                        "two hexadecimal digits are missing after the `%` at byte " + std::to_string(i)});
    }
  }
  return returnText(call, decoded);
}

} // namespace xcs::kernels
