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

/// A text of these bytes, if they are one.
bool giveText(KernelCall &call, std::string_view bytes) {
  size_t invalid = invalidUtf8At(bytes);
  if (invalid != std::string_view::npos)
    return call.fail(Diag::InvalidUtf8, {std::to_string(invalid), "the bytes"});
  return give(call, Value::str(bytes));
}

bool decodeBase64(KernelCall &call, std::vector<char> &decoded) {
  llvm::Error wrong = llvm::decodeBase64(content(call), decoded);
  if (!wrong)
    return true;
  llvm::consumeError(std::move(wrong));
  return call.fail(Diag::ParseFailed,
                   {excerpt(content(call)), "base64", "a character is invalid, or the padding"});
}

// LLVM takes an odd number of digits for one with a leading 0.
bool decodeHex(KernelCall &call, std::string &decoded) {
  if (content(call).size() % 2 == 0 && llvm::tryGetFromHex(content(call), decoded))
    return true;
  return call.fail(Diag::ParseFailed, {excerpt(content(call)), "hexadecimal digits",
                                       "a character is invalid, or one is missing"});
}

} // namespace

// The same bytes, under another type: a copy, as a value carries its kind.
bool bytes_from_str(KernelCall &call) { return give(call, Value::bytes(content(call))); }

bool bytes_to_str(KernelCall &call) { return giveText(call, content(call)); }

bool bytes_len(KernelCall &call) { return giveI64(call, static_cast<int64_t>(content(call).size())); }

bool bytes_slice(KernelCall &call) {
  size_t first, last;
  return sliceRange(call, content(call).size(), "bytes", first, last) &&
         give(call, Value::bytes(content(call).substr(first, last - first)));
}

bool bytes_concat(KernelCall &call) { return concatTexts(call, ValueKind::Bytes); }

bool bytes_eq(KernelCall &call) { return giveBool(call, content(call) == call.operand(1).text()); }

// Every three bytes are four characters.
bool bytes_to_base64(KernelCall &call) {
  return mayTake(call, Value::textBytes((content(call).size() + 2) / 3 * 4)) &&
         give(call, Value::str(llvm::encodeBase64(content(call))));
}

bool bytes_from_base64(KernelCall &call) {
  std::vector<char> decoded;
  return decodeBase64(call, decoded) && give(call, Value::bytes({decoded.data(), decoded.size()}));
}

bool bytes_to_hex(KernelCall &call) {
  return mayTake(call, Value::textBytes(2 * content(call).size())) &&
         give(call, Value::str(llvm::toHex(llvm::StringRef(content(call)), true)));
}

bool bytes_from_hex(KernelCall &call) {
  std::string decoded;
  return decodeHex(call, decoded) && give(call, Value::bytes(decoded));
}

bool bytes_sha256(KernelCall &call) {
  llvm::SHA256 hash;
  hash.update(llvm::StringRef(content(call)));
  return give(call, Value::str(llvm::toHex(hash.final(), true)));
}

// The same codings of the UTF-8 of a text; on the way back the bytes must be a text.
bool str_to_base64(KernelCall &call) { return bytes_to_base64(call); }
bool str_to_hex(KernelCall &call) { return bytes_to_hex(call); }
bool str_sha256(KernelCall &call) { return bytes_sha256(call); }

bool str_from_base64(KernelCall &call) {
  std::vector<char> decoded;
  return decodeBase64(call, decoded) && giveText(call, {decoded.data(), decoded.size()});
}

bool str_from_hex(KernelCall &call) {
  std::string decoded;
  return decodeHex(call, decoded) && giveText(call, decoded);
}

bool str_url_encode(KernelCall &call) {
  auto stays = [](char c) { return llvm::isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; };
  std::string_view from = content(call);
  uint64_t kept = static_cast<uint64_t>(std::count_if(from.begin(), from.end(), stays));
  uint64_t size = kept + 3 * (from.size() - kept);
  if (!mayTake(call, Value::textBytes(size)))
    return false;
  char *at;
  Value encoded = Value::unwritten(ValueKind::Str, size, at);
  for (char c : from) {
    if (stays(c)) {
      *at++ = c;
      continue;
    }
    *at++ = '%';
    *at++ = llvm::hexdigit(static_cast<unsigned char>(c) >> 4);
    *at++ = llvm::hexdigit(static_cast<unsigned char>(c) & 15);
  }
  return give(call, std::move(encoded));
}

bool str_url_decode(KernelCall &call) {
  std::string_view from = content(call);
  std::string decoded;
  decoded.reserve(from.size());
  for (size_t i = 0; i < from.size(); ++i) {
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
  return giveText(call, decoded);
}

} // namespace xcs::kernels
