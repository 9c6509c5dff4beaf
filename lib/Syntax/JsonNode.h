#pragma once
#include "xcs/Ops/Value.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include "xcs/Support/Source.h"
#include <string_view>
#include <vector>

namespace xcs {

/// A value in a JSON text, with its place.
struct JsonNode {
  const Value *value;
  uint32_t offset;             // of its first byte
  uint32_t begin;              // the same; of a member of an object: of its key
  std::string_view key;        // of a member of an object
  std::vector<JsonNode> parts; // items, or members
};

/// A JSON text as a tree.
class JsonTree {
public:
  /// Reports what is not JSON, nests too deeply, or is too large.
  bool read(const SourceBuffer &json, DiagnosticEngine &diagnostics, const Limits &limits);
  const JsonNode &top() const { return node; }

private:
  Value value;
  JsonNode node{};
};

} // namespace xcs
