#include "Ops/KernelSupport.h"
#include "Ops/Text.h"
#include "xcs/Ops/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/Error.h"

namespace xcs::kernels {

namespace {

std::string_view content(const KernelCall &call) { return call.operand(0).text(); }

} // namespace

// The same bytes, under another type: a copy, as a value carries its kind.
bool bytes_from_str(KernelCall &call) { return give(call, Value::bytes(content(call))); }

bool bytes_to_str(KernelCall &call) {
  size_t invalid = invalidUtf8At(content(call));
  if (invalid != std::string_view::npos)
    return call.fail(Diag::InvalidUtf8, {std::to_string(invalid), "the bytes"});
  return give(call, Value::str(content(call)));
}

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
  if (llvm::Error wrong = llvm::decodeBase64(content(call), decoded)) {
    llvm::consumeError(std::move(wrong));
    return call.fail(Diag::ParseFailed,
                     {excerpt(content(call)), "base64", "a character is wrong, or the padding"});
  }
  return give(call, Value::bytes({decoded.data(), decoded.size()}));
}

bool bytes_to_hex(KernelCall &call) {
  return mayTake(call, Value::textBytes(2 * content(call).size())) &&
         give(call, Value::str(llvm::toHex(llvm::StringRef(content(call)), true)));
}

bool bytes_from_hex(KernelCall &call) {
  std::string decoded;
  // LLVM takes an odd number of digits for one with a leading 0.
  if (content(call).size() % 2 || !llvm::tryGetFromHex(content(call), decoded))
    return call.fail(Diag::ParseFailed,
                     {excerpt(content(call)), "hexadecimal digits", "a character is wrong, or one too few"});
  return give(call, Value::bytes(decoded));
}

} // namespace xcs::kernels
