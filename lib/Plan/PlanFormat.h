#pragma once
#include "Plan/PlanRows.h"

namespace xcs::planformat {

/// The first bytes of every plan. The zero byte keeps a plan from looking like a text.
inline constexpr char magic[8] = {'X', 'C', 'S', 'P', 'L', 'A', 'N', '\0'};
/// Raised with every change of the schema or of the meaning of a field.
inline constexpr uint32_t version = 5;

/// What a plan file begins with, little-endian; the FlatBuffer of Plan.fbs follows at once. 32 bytes keep it
/// aligned to 8. Every field has one right value, so that no altered header passes.
struct Header {
  char magic[8];
  uint32_t version;
  uint32_t flags;    // zero in version 5
  uint64_t fileSize; // header included
  uint64_t checksum; // xxh3-64 of everything behind the header
};
static_assert(sizeof(Header) == 32);

/// A file with room for the header and the FlatBuffer of `tables`, whose constants are `constants` with one
/// chunk of text of `textSize` bytes; empty when it might be longer than `limit` bytes.
std::string encode(const PlanTables &tables, const ConstantView &constants, uint64_t textSize,
                   uint64_t limit);
/// Writes the header of a file that is complete otherwise.
void seal(std::string &file);

/// What stands in a FlatBuffer beside the tables of a plan.
struct Decoded {
  const char *text = nullptr; // the one chunk, which plan.constants.chunks must point to
  uint32_t textSize = 0;
  std::span<const PlanRow> rows;
  std::string_view rowNames;
};
/// Points `plan` into the FlatBuffer in `body`, which must be aligned to 8; false when it is not one.
bool decode(std::string_view body, PlanView &plan, Decoded &beside);

/// The table as it may be written: the bytes belong to who asks, only the view of them is constant.
template <class T> std::span<T> writable(std::span<const T> table) {
  return {const_cast<T *>(table.data()), table.size()};
}

} // namespace xcs::planformat
