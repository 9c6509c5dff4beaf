#include "xcs/Model/EmbedBatches.h"
#include "xcs/Model/Completion.h"
#include <algorithm>

using namespace xcs;

double xcs::textTokens(std::string_view text) { return std::max(1.0, static_cast<double>(text.size()) / 4); }

std::vector<EmbedBatch> xcs::cutIntoBatches(std::span<const Value> texts, BatchBounds bounds) {
  std::vector<EmbedBatch> batches;
  double tokens = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    double own = textTokens(texts[i].text());
    bool isFull = batches.empty() || static_cast<int64_t>(batches.back().count) >= bounds.texts ||
                  tokens + own > static_cast<double>(bounds.tokens);
    if (isFull) {
      batches.push_back({i, 0});
      tokens = 0;
    }
    ++batches.back().count;
    tokens += own;
  }
  return batches;
}

/// A list of numbers as `list<f64>`; false if it is not one.
static bool readVector(const Value *numbers, Value &out) {
  if (!numbers || numbers->kind() != ValueKind::List || numbers->size() == 0)
    return false;
  std::vector<Value> vector;
  vector.reserve(numbers->size());
  for (const Value &number : numbers->items()) {
    if (number.kind() == ValueKind::F64)
      vector.push_back(number);
    else if (number.kind() == ValueKind::I64)
      vector.push_back(Value::f64(static_cast<double>(number.asI64())));
    else
      return false;
  }
  out = Value::list(vector);
  return true;
}

bool xcs::readVectors(const Value &root, size_t count, std::vector<Value> &out, std::string &why) {
  const Value *data = member(&root, "data");
  size_t given = data && data->kind() == ValueKind::List ? data->size() : 0;
  if (given != count) {
    why = "it has " + std::to_string(given) + " vectors for " + std::to_string(count) + " texts";
    return false;
  }
  out.assign(count, Value());
  for (const Value &item : data->items()) {
    const Value *index = member(&item, "index");
    int64_t place = index && index->kind() == ValueKind::I64 ? index->asI64() : -1;
    if (place < 0 || place >= static_cast<int64_t>(count) || !out[static_cast<size_t>(place)].empty()) {
      why = "a vector has the index " + std::to_string(place) + ", which is out of range or occurs twice";
      return false;
    }
    if (!readVector(member(&item, "embedding"), out[static_cast<size_t>(place)])) {
      why = "vector " + std::to_string(place) + " is not a list of numbers";
      return false;
    }
  }
  return true;
}
