#include "Compiler/PlanEntry.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

using namespace xcs;

std::string planentry::sha256(std::string_view bytes) {
  const std::array<uint8_t, 32> digest = llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes));
  return {reinterpret_cast<const char *>(digest.data()), digest.size()};
}

static void appendNumber(std::string &out, uint64_t v, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i)
    out += static_cast<char>(v >> (8 * i));
}

static void appendText(std::string &out, std::string_view text) {
  appendNumber(out, text.size(), 8);
  out += text;
}

std::string planentry::keyOf(const PlanDirectory::Program &program) {
  std::string key;
  appendNumber(key, PlanDirectory::formatVersion, 4);
  for (std::string_view part : {program.tool, program.options, program.name})
    appendText(key, part);
  appendText(key, sha256(program.text));
  return key;
}

std::string planentry::fileOf(std::string_view key) {
  return llvm::toHex(sha256(key).substr(0, 16), /*LowerCase=*/true) + ".plan";
}

std::string planentry::bytesOf(std::string_view key, const std::vector<CachedImport> &imports,
                               std::string_view plan) {
  std::string body;
  appendText(body, key);
  appendNumber(body, imports.size(), 8);
  for (const CachedImport &import : imports) {
    appendText(body, import.path);
    appendText(body, import.digest);
    appendNumber(body, import.sameAs, 4);
  }
  appendText(body, plan);
  std::string out(magic);
  appendNumber(out, PlanDirectory::formatVersion, 4);
  out += sha256(body);
  out += body;
  return out;
}

std::string_view planentry::Cursor::take(uint64_t size) {
  good = good && size <= left.size();
  if (!good)
    return {};
  const std::string_view taken = left.substr(0, size);
  left.remove_prefix(size);
  return taken;
}

uint64_t planentry::Cursor::number(size_t bytes) {
  const std::string_view taken = take(bytes);
  uint64_t v = 0;
  for (size_t i = 0; i < taken.size(); ++i)
    v |= static_cast<uint64_t>(static_cast<unsigned char>(taken[i])) << (8 * i);
  return v;
}
