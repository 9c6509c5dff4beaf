#pragma once
#include "xcs/Model/Completion.h"
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
std::vector<EmbedBatch> splitIntoBatches(std::span<const Value> texts, BatchBounds bounds);

/// What an answer with vectors brought.
struct EmbedAnswer {
  std::vector<Value> vectors; // list<f64> each, in the order of the texts
  ReportedUsage usage;
  bool wasAnswered = false; // it was JSON: tokens were taken, be it of use or not
};

/// Reads the answer to `count` texts, whatever the order of its vectors: one without an index has its place
/// in the list. A vector is a list of numbers, or base64 of 32-bit floats, lowest byte first. False, with the
/// fault: a vector is missing or there twice, or cannot be read.
bool readVectors(std::string_view body, size_t count, const Limits &limits, EmbedAnswer &out,
                 AnswerFault &fault);

} // namespace xcs
