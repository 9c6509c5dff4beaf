#pragma once
#include "Plan/PlanRows.h"

namespace xcs::planformat {

/// The first bytes of every plan. The zero byte makes a plan different from any text.
inline constexpr char magic[8] = {'X', 'C', 'S', 'P', 'L', 'A', 'N', '\0'};
/// Raised with every change of the schema or of the meaning of a field.
inline constexpr uint32_t version = 6;

/// The start of a plan file, little-endian; the FlatBuffer of Plan.fbs follows immediately. 32 bytes keep it
/// aligned to 8. Every field has one valid value, so that no altered header is accepted.
struct Header {
  char magic[8];
  uint32_t version;
  uint32_t flags;    // zero in version 6
  uint64_t fileSize; // header included
  uint64_t checksum; // xxh3-64 of everything after the header
};
static_assert(sizeof(Header) == 32);

/// A file with room for the header, and the FlatBuffer of `tables`, whose constants are `constants` with one
/// chunk of text of `textSize` bytes; empty if it might be longer than `limit` bytes.
std::string encode(const PlanTables &tables, const ConstantView &constants, uint64_t textSize,
                   uint64_t limit);
/// Writes the header of an otherwise complete file.
void seal(std::string &file);

/// The contents of a FlatBuffer besides the tables of a plan.
struct Decoded {
  const char *text = nullptr; // the one chunk, which plan.constants.chunks must point to
  uint32_t textSize = 0;
  std::span<const PlanRow> rows;
  std::string_view rowNames;
};
/// Points `plan` into the FlatBuffer in `body`, which must be aligned to 8; false if it is not valid.
bool decode(std::string_view body, PlanView &plan, Decoded &beside);

/// A writable span of a table: the caller owns the bytes, only the view of them is const.
template <class T> std::span<T> writable(std::span<const T> table) {
  return {const_cast<T *>(table.data()), table.size()};
}

} // namespace xcs::planformat
