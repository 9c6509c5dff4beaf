#include "Syntax/Utf8.h"
#include "llvm/Support/ConvertUTF.h"
#include <cstring>

using namespace xcs;

std::optional<size_t> xcs::findNonText(std::string_view text) {
  constexpr uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
  const char *at = text.data(), *end = at + text.size();
  while (at != end) {
    if (end - at >= 8) {
      uint64_t block;
      std::memcpy(&block, at, 8);
      // Neither a byte from 0x80 on nor a zero (the classic test for a zero byte; exact as no byte has its
      // top bit set).
      if ((block & tops) == 0 && ((block - ones) & tops) == 0) {
        at += 8;
        continue;
      }
    }
    auto lead = static_cast<uint8_t>(*at);
    size_t size = lead < 0x80 ? 1 : llvm::getNumBytesForUTF8(lead);
    bool valid = lead != 0 && size <= static_cast<size_t>(end - at) &&
                 (size == 1 ? lead < 0x80
                            : llvm::isLegalUTF8Sequence(reinterpret_cast<const llvm::UTF8 *>(at),
                                                        reinterpret_cast<const llvm::UTF8 *>(at) + size));
    if (!valid)
      return static_cast<size_t>(at - text.data());
    at += size;
  }
  return std::nullopt;
}
