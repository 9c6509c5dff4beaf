#include "Ops/KernelSupport.h"
#include "Ops/TextUnits.h"

// The operations of the dialect `str` that cut a text into possibly overlapping pieces: by characters,
// sentences and estimated tokens. They differ only in the unit.
namespace xcs::kernels {

namespace {

using UnitEnd = size_t (*)(std::string_view text, size_t at);

/// The pieces of a text in order: `size` units each, each starting `step` units after the previous one. Both
/// ends only move forward, so all pieces together take two passes over the text, however much they overlap.
class Pieces {
public:
  Pieces(std::string_view text, UnitEnd unitEnd, uint64_t size, uint64_t step, const Limits &limits)
      : text(text), unitEnd(unitEnd), size(size), step(step), limits(limits) {}

  bool next() {
    if (end == text.size())
      return false;
    if (end != 0)
      begin = advance(begin, step);
    end = advance(end, end == 0 ? size : step);
    return true;
  }
  std::string_view piece() const { return text.substr(begin, end - begin); }

private:
  size_t advance(size_t at, uint64_t units) const {
    for (; units && at < text.size() && !limits.isStopped(); --units)
      at = unitEnd(text, at);
    return at;
  }

  std::string_view text;
  UnitEnd unitEnd;
  uint64_t size, step;
  const Limits &limits;
  size_t begin = 0, end = 0;
};

bool chunk(KernelCall &call, UnitEnd unitEnd) {
  uint64_t size, overlap = 0;
  if (!countOperand(call, 1, 1, "the size", size))
    return false;
  if (call.operandCount > 2 && !countOperand(call, 2, 0, "the overlap", overlap))
    return false;
  if (overlap >= size)
    return call.fail(
        Diag::BadArgument,
        {"the overlap", opName(call), "be below the size " + std::to_string(size), std::to_string(overlap)});
  // Counted before anything is allocated: with an overlap near the size, the pieces together are many times
  // the text.
  uint64_t count = 0, bytes = 0;
  for (Pieces pieces(call.operand(0).text(), unitEnd, size, size - overlap, call.limits); pieces.next();) {
    if (isStopped(call))
      return false;
    ++count;
    bytes += Value::textBytes(pieces.piece().size());
    if (bytes > UINT32_MAX) // beyond every limit: the rest need not be counted
      break;
  }
  if (isStopped(call) || !mayAllocate(call, Value::sequenceBytes(bytes)))
    return false;
  std::vector<Value> made;
  made.reserve(count);
  for (Pieces pieces(call.operand(0).text(), unitEnd, size, size - overlap, call.limits); pieces.next();) {
    if (isStopped(call))
      return false;
    made.push_back(Value::str(pieces.piece()));
  }
  return returnList(call, made);
}

} // namespace

bool str_chunk(KernelCall &call) { return chunk(call, codePointEnd); }
bool str_chunk_sentences(KernelCall &call) { return chunk(call, sentenceEnd); }
bool str_chunk_tokens(KernelCall &call) { return chunk(call, tokenEnd); }

bool str_count_tokens(KernelCall &call) {
  std::string_view text = call.operand(0).text();
  int64_t count = 0;
  for (size_t at = 0; at < text.size(); at = tokenEnd(text, at)) {
    if (isStopped(call))
      return false;
    ++count;
  }
  return returnI64(call, count);
}

} // namespace xcs::kernels
