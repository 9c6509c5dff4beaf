#include "xcs/Model/EmbedBatches.h"
#include "Model/CompletionReader.h"
#include "Model/ErrorShapes.h"
#include "xcs/Support/Counted.h"
#include "llvm/Support/Base64.h"
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace xcs;

double xcs::textTokens(std::string_view text) { return std::max(1.0, static_cast<double>(text.size()) / 4); }

std::vector<EmbedBatch> xcs::splitIntoBatches(std::span<const Value> texts, BatchBounds bounds) {
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

using Kind = RawJson::Kind;

static bool failVector(AnswerFault &fault, const std::string &at, std::string_view what) {
  return failAt(fault, at, "is " + std::string(what) + ", not a list of numbers");
}

/// Base64 of f32, lowest byte first (`encoding_format`).
static bool readPacked(const RawJson &packed, const std::string &at, std::vector<Value> &out,
                       AnswerFault &fault) {
  std::string text;
  std::vector<char> bytes;
  bool fine = packed.appendTo(text);
  if (llvm::Error wrong = llvm::decodeBase64(text, bytes)) {
    llvm::consumeError(std::move(wrong));
    fine = false;
  }
  if (!fine || bytes.empty() || bytes.size() % sizeof(float) != 0)
    return failVector(fault, at, "a string that is no base64 of 32-bit floats");
  for (size_t i = 0; i < bytes.size(); i += sizeof(float)) {
    uint32_t bits = 0;
    for (size_t byte = sizeof(float); byte > 0; --byte)
      bits = bits << 8 | static_cast<unsigned char>(bytes[i + byte - 1]);
    auto number = __builtin_bit_cast(float, bits);
    if (!std::isfinite(number))
      return failVector(fault, at, "base64 of a number that is not finite");
    out.push_back(Value::f64(static_cast<double>(number)));
  }
  return true;
}

/// A vector as `list<f64>`; never an empty one.
static bool readVector(const RawJson &vector, const std::string &at, Value &out, AnswerFault &fault) {
  std::vector<Value> numbers;
  std::vector<double> usual;
  std::vector<RawJson> items;
  if (vector.kind() == Kind::Array && vector.numbers(usual)) {
    for (double number : usual)
      numbers.push_back(Value::f64(number));
  } else if (vector.kind() == Kind::String) {
    if (!readPacked(vector, at, numbers, fault))
      return false;
  } else if (vector.kind() != Kind::Array || !vector.items(items)) {
    return failVector(fault, at, vector.description());
  } else if (items.empty()) {
    return failVector(fault, at, "an empty list");
  }
  for (size_t i = 0; i < items.size(); ++i) {
    std::optional<double> number = items[i].kind() == Kind::Number ? items[i].number() : std::nullopt;
    if (!number) {
      std::string came = items[i].kind() == Kind::Number ? "`" + shortened(items[i].text()) + "`"
                                                         : std::string(items[i].description());
      return failAt(fault, at + '/' + std::to_string(i),
                    "is " + came + ", not a number that an f64 can represent");
    }
    numbers.push_back(Value::f64(*number));
  }
  out = Value::list(numbers);
  return true;
}

/// Which text a vector belongs to.
static bool readPlace(const RawJson &index, size_t place, size_t count, size_t &out, AnswerFault &fault) {
  out = place;
  if (index.isAbsent())
    return true;
  std::optional<int64_t> given = index.integer();
  if (!given)
    return failAt(fault, "/data/" + std::to_string(place) + "/index",
                  "is " + std::string(index.description()) + ", not a whole number");
  if (*given < 0 || *given >= static_cast<int64_t>(count))
    return failAt(fault, "/data/" + std::to_string(place) + "/index",
                  "is " + std::to_string(*given) + ", for " + counted(count, "text"));
  out = static_cast<size_t>(*given);
  return true;
}

static bool readItem(const RawJson &item, size_t place, std::vector<Value> &vectors, AnswerFault &fault) {
  const std::string at = "/data/" + std::to_string(place);
  RawObject members(item);
  if (item.kind() != Kind::Object || members.isBroken())
    return failAt(fault, at, "is " + std::string(item.description()) + ", not an object with a vector");
  size_t text;
  if (!readPlace(members.find("index"), place, vectors.size(), text, fault))
    return false;
  if (!vectors[text].empty())
    return failAt(fault, at, "is a second vector of the text " + std::to_string(text));
  return readVector(members.find("embedding"), at + "/embedding", vectors[text], fault);
}

bool xcs::readVectors(std::string_view body, size_t count, const Limits &limits, EmbedAnswer &out,
                      AnswerFault &fault) {
  RawJson root;
  if (failsWithJsonBytes(body.size(), limits, fault))
    return false;
  if (RawJson::Fault how = RawJson::whole(body, root); how != RawJson::Fault::None) {
    fault = notJson(how, body, "it");
    return false;
  }
  out.wasAnswered = true;
  addUsage(root, out.usage);
  RawJson data = root.at("/data");
  std::vector<RawJson> items;
  if (!data.isAbsent() && (data.kind() != Kind::Array || !data.items(items)))
    return failAt(fault, "/data", "is " + std::string(data.description()) + ", not a list of vectors");
  if (std::optional<ErrorReport> error = items.empty() ? findError(root) : std::nullopt) {
    out.wasAnswered = false;
    fault.kind = AnswerFault::Kind::Reported;
    fault.report = std::move(*error);
    return false;
  }
  if (items.size() != count) {
    fault.kind = items.empty() ? AnswerFault::Kind::Transient : AnswerFault::Kind::Wrong;
    fault.what = "it has " + counted(items.size(), "vector") + " for " + counted(count, "text");
    return false;
  }
  out.vectors.assign(count, Value());
  for (size_t i = 0; i < items.size(); ++i)
    if (!readItem(items[i], i, out.vectors, fault))
      return false;
  return true;
}
