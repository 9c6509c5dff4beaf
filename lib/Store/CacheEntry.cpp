#include "Store/CacheEntry.h"

using namespace xcs;

static void putNumber(std::string &out, uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    out += static_cast<char>(number >> shift);
}

static void putText(std::string &out, std::string_view text) {
  putNumber(out, text.size());
  out += text;
}

namespace {
struct Unpacker {
  std::string_view rest;
  bool isGood = true;

  uint64_t number() {
    if (rest.size() < 8) {
      isGood = false;
      rest = {};
      return 0;
    }
    uint64_t out = 0;
    for (int i = 0; i != 8; ++i)
      out |= uint64_t(static_cast<unsigned char>(rest[static_cast<size_t>(i)])) << (8 * i);
    rest.remove_prefix(8);
    return out;
  }
  std::string text() {
    const uint64_t size = number();
    if (size > rest.size()) {
      isGood = false;
      rest = {};
      return {};
    }
    std::string out(rest.substr(0, size));
    rest.remove_prefix(size);
    return out;
  }
};
} // namespace

std::string xcs::packParts(std::span<const IdentityPart> parts) {
  std::string out;
  for (const IdentityPart &part : parts) {
    putText(out, part.name);
    putNumber(out, part.digest);
  }
  return out;
}

bool xcs::unpackParts(std::string_view bytes, std::vector<IdentityPart> &out) {
  Unpacker from{bytes};
  while (from.isGood && !from.rest.empty()) {
    std::string name = from.text();
    out.push_back({std::move(name), from.number()});
  }
  return from.isGood;
}

std::string xcs::packFiles(std::span<const CachedFile> files) {
  std::string out;
  for (const CachedFile &file : files) {
    putNumber(out, file.place);
    putText(out, file.name);
    putText(out, file.content);
    putNumber(out, file.mode);
    putNumber(out, file.size);
  }
  return out;
}

bool xcs::unpackFiles(std::string_view bytes, std::vector<CachedFile> &out) {
  Unpacker from{bytes};
  while (from.isGood && !from.rest.empty()) {
    CachedFile file;
    file.place = static_cast<uint32_t>(from.number());
    file.name = from.text();
    file.content = from.text();
    file.mode = static_cast<uint32_t>(from.number());
    file.size = from.number();
    out.push_back(std::move(file));
  }
  return from.isGood;
}

std::string xcs::packStatus(const struct stat &status) {
  std::string out;
  for (uint64_t number : {uint64_t(status.st_dev), uint64_t(status.st_ino), uint64_t(status.st_size),
                          uint64_t(status.st_mtim.tv_sec), uint64_t(status.st_mtim.tv_nsec),
                          uint64_t(status.st_ctim.tv_sec), uint64_t(status.st_ctim.tv_nsec)})
    putNumber(out, number);
  return out;
}
