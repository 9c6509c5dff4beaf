#include "Syntax/JsonNode.h"
#include "Syntax/TokenStream.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>

using namespace xcs;

namespace {

/// Finds the first bytes of values and keys, in the order of the text, which is known to be JSON.
class JsonPlaces {
public:
  JsonPlaces(std::string_view text, size_t begin) : text(text), at(begin) {}
  uint32_t next();

private:
  void skipString();
  std::string_view text;
  size_t at;
};

} // namespace

void JsonPlaces::skipString() {
  for (++at; text[at] != '"'; ++at)
    at += text[at] == '\\';
  ++at;
}

uint32_t JsonPlaces::next() {
  at = text.find_first_not_of(" \t\r\n,:]}", at);
  const size_t begin = at;
  if (text[at] == '"')
    skipString();
  else if (text[at] == '{' || text[at] == '[')
    ++at;
  else
    at = std::min(text.find_first_of(" \t\r\n,:]}", at), text.size());
  return static_cast<uint32_t>(begin);
}

static JsonNode nodeOf(const Value &value, uint32_t begin, std::string_view key, JsonPlaces &places) {
  JsonNode node{&value, key.data() ? places.next() : begin, begin, key, {}};
  if (value.kind() == ValueKind::List) {
    node.parts.reserve(value.size());
    for (const Value &item : value.items())
      node.parts.push_back(nodeOf(item, places.next(), {}, places));
  } else if (value.kind() == ValueKind::Object) {
    const std::span<const Value> entries = value.items();
    node.parts.reserve(entries.size() / 2);
    for (size_t i = 0; i < entries.size(); i += 2) {
      const uint32_t member = places.next();
      node.parts.push_back(nodeOf(entries[i + 1], member, entries[i].text(), places));
    }
  }
  return node;
}

bool JsonTree::read(const SourceBuffer &json, DiagnosticEngine &diagnostics, const Limits &limits) {
  if (json.text().size() > limits[Limit::SourceBytes]) {
    diagnostics.reportFile(limitError(Limit::SourceBytes, limits[Limit::SourceBytes]), json.name());
    return false;
  }
  Limits own = limits;
  own.set(Limit::JsonBytes, UINT64_MAX);
  own.set(Limit::ValueBytes, UINT64_MAX);
  // An operation in a region is within four arrays and objects of the JSON, over which later code recurses.
  const uint64_t depth = std::min(limits[Limit::NestingDepth], TokenStream::deepestPossible);
  own.set(Limit::JsonDepth, std::min(4 * depth + 8, TokenStream::deepestPossible));
  std::string_view text = json.text();
  const size_t mark = text.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
  OpError error;
  if (!parseJson(text.substr(mark), own, value, error)) {
    if (error.id == Diag::LimitExceeded && own[Limit::JsonDepth] == TokenStream::deepestPossible) {
      diagnostics.reportFile(Diag::BadIrJson, json.name(),
                             {"it nests deeper than " + std::to_string(own[Limit::JsonDepth]) + " levels"});
      return false;
    }
    if (error.id == Diag::LimitExceeded) { // no other limit is left
      const uint64_t most = limits[Limit::NestingDepth];
      diagnostics.reportFile(limitError(Limit::NestingDepth, most, "the nesting of the JSON"), json.name());
      return false;
    }
    diagnostics.reportFile(Diag::BadIrJson, json.name(), {error.message});
    return false;
  }
  JsonPlaces places(text, mark);
  const uint32_t begin = places.next();
  node = nodeOf(value, begin, {}, places);
  return true;
}
