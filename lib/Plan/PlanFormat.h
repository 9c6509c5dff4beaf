#pragma once
#include "xcs/Plan/PlanFile.h"

namespace xcs::planformat {

/// The first bytes of every plan. The zero byte keeps a plan from looking like a text.
inline constexpr char magic[8] = {'X', 'C', 'S', 'P', 'L', 'A', 'N', '\0'};
/// Raised with every change of the schema or of the meaning of a field.
inline constexpr uint32_t version = 3;

/// What a plan file begins with, little-endian; the FlatBuffer of Plan.fbs follows at once. 40 bytes keep it
/// aligned to 8. Every field has one right value, so that no altered header passes.
struct Header {
  char magic[8];
  uint32_t version;
  uint32_t flags;      // zero in version 3
  uint64_t fileSize;   // header included
  uint64_t checksum;   // xxh3-64 of everything behind the header
  uint64_t operations; // operationsDigest() of the writer
};
static_assert(sizeof(Header) == 40);

/// A digest of the operation and resource tables: codes in a plan are row numbers, so a reader with other
/// rows must refuse.
uint64_t operationsDigest();

/// A file with room for the header and the FlatBuffer of `tables`, whose constants are `constants` with one
/// chunk of text of `textSize` bytes; empty when it might be longer than `limit` bytes.
std::string encode(const PlanTables &tables, const ConstantView &constants, uint64_t textSize,
                   uint64_t limit);
/// Writes the header of a file that is complete otherwise.
void seal(std::string &file);

/// Points `plan` into the FlatBuffer in `body`, which must be aligned to 8; false when it is not one.
/// `textChunk` receives the address of the text, which plan.constants.chunks must point to.
bool decode(std::string_view body, PlanView &plan, const char *&textChunk, uint32_t &textSize);

/// The checksum of a plan's body.
uint64_t checksumOf(std::string_view body);

} // namespace xcs::planformat
