#pragma once
#include "xcs/Ops/Value.h"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace xcs {

/// The texts [first, first + count) of a list, sent as one request.
struct EmbedBatch {
  size_t first, count;
};

/// What one request may carry.
struct BatchBounds {
  int64_t texts, tokens;
};

/// A guess at the tokens of a text: four bytes each, one at least.
double textTokens(std::string_view text);

/// Cuts a list of texts into batches, in order, each as large as the bounds allow. A text that is larger than
/// the bound on tokens is a batch of its own: it is never cut.
std::vector<EmbedBatch> cutIntoBatches(std::span<const Value> texts, BatchBounds bounds);

/// Reads the vectors of an answer to `count` texts, in the order of the texts, whatever that of the answer.
/// False, with the reason for people: a vector is missing or there twice, or is not a list of numbers.
bool readVectors(const Value &root, size_t count, std::vector<Value> &out, std::string &why);

} // namespace xcs
