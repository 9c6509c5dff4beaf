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

/// The bounds of one request.
struct BatchBounds {
  int64_t texts, tokens;
};

/// An estimate of the tokens of a text: one per four bytes, at least one.
double textTokens(std::string_view text);

/// Splits a list of texts into batches, in order, each as large as the bounds allow. A text larger than the
/// bound on tokens is a batch of its own: texts are never split.
std::vector<EmbedBatch> cutIntoBatches(std::span<const Value> texts, BatchBounds bounds);

/// Reads the vectors of an answer to `count` texts, in the order of the texts, whatever the order of the
/// answer. False, with a readable reason, if a vector is missing, appears twice, or is not a list of numbers.
bool readVectors(const Value &root, size_t count, std::vector<Value> &out, std::string &why);

} // namespace xcs
