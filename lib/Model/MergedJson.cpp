#include "Model/MergedJson.h"
#include "Model/CompletionReader.h"
#include "xcs/Model/Quirks.h"
#include "xcs/Ops/JsonText.h"

using namespace xcs;

using Kind = RawJson::Kind;

static size_t skipBlanks(std::string_view text, size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

static bool isContainer(Kind kind) { return kind == Kind::Array || kind == Kind::Object; }

uint32_t MergedJson::addNode(uint32_t parent, std::string key) {
  static constexpr uint64_t placeBytes = 96; // an entry of `places`, about
  const auto id = static_cast<uint32_t>(nodes.size());
  bytes += sizeof(Node) + placeBytes + 2 * key.size();
  Node &node = nodes.emplace_back();
  node.parent = parent;
  node.key = std::move(key);
  if (id != 0) {
    node.depth = nodes[parent].depth + 1;
    node.slot = static_cast<uint32_t>(nodes[parent].parts.size());
    nodes[parent].parts.push_back(id);
  }
  return id;
}

/// A part of an object or array: the one that earlier pieces have in that place, or another. An empty
/// `place`: another in any case.
uint32_t MergedJson::partOf(uint32_t parent, std::string key, std::string_view place) {
  if (place.empty() && nodes[parent].kind == Kind::Array)
    return addNode(parent, std::move(key));
  auto [known, isNew] = places.try_emplace({parent, std::string(place)}, 0);
  const bool isItem = nodes[parent].kind == Kind::Array;
  if (isNew || (isItem && nodes[known->second].piece == pieces))
    known->second = addNode(parent, std::move(key));
  return known->second;
}

/// The node in which a value of that kind is to be put: this one, or one that takes its place, where what was
/// there is of another kind, or of the same piece.
uint32_t MergedJson::continued(uint32_t node, Kind kind) {
  if (nodes[node].kind != Kind::Absent && (nodes[node].kind != kind || nodes[node].piece == pieces)) {
    const uint32_t parent = nodes[node].parent, slot = nodes[node].slot;
    std::string key = nodes[node].key;
    node = addNode(parent, key);
    nodes[parent].parts.pop_back();
    nodes[parent].parts[slot] = node;
    nodes[node].slot = slot;
    places[{parent, std::move(key)}] = node;
  }
  nodes[node].kind = kind;
  nodes[node].piece = pieces;
  return node;
}

bool MergedJson::put(uint32_t node, const RawJson &scalar) {
  if (scalar.kind() == Kind::Odd || scalar.kind() == Kind::Absent)
    return false;
  Node &to = nodes[continued(node, scalar.kind())];
  if (scalar.kind() == Kind::String) {
    if (isKept(to.key))
      to.text.clear();
    const size_t before = to.text.size();
    if (!scalar.appendTo(to.text))
      return false;
    bytes += to.text.size() - before;
    return true;
  }
  OpError error;
  return parseJson(scalar.text(), limits, to.scalar, error);
}

/// Reads a scalar, or the bracket of an array or object.
bool MergedJson::begin(uint32_t node, std::string_view piece, size_t &at) {
  if (at >= piece.size())
    return false;
  if (piece[at] != '{' && piece[at] != '[') {
    RawJson scalar = RawJson::firstOf(piece.substr(at));
    at += scalar.text().size();
    return put(node, scalar);
  }
  node = continued(node, piece[at] == '{' ? Kind::Object : Kind::Array);
  deepest = std::max(deepest, nodes[node].depth + 1);
  open.push_back({node, Next::FirstPart});
  ++at;
  return true;
}

bool MergedJson::readKey(std::string_view piece, size_t &at, std::string &key) {
  RawJson written = at < piece.size() && piece[at] == '"' ? RawJson::firstOf(piece.substr(at)) : RawJson();
  if (written.kind() != Kind::String || !written.appendTo(key))
    return false;
  at = skipBlanks(piece, at + written.text().size());
  if (at >= piece.size() || piece[at] != ':')
    return false;
  at = skipBlanks(piece, at + 1);
  return true;
}

/// The `index` of an item, as text; empty when it has none.
static std::string indexOf(std::string_view item) {
  if (!item.starts_with('{'))
    return {};
  std::optional<int64_t> index = RawObject(RawJson::firstOf(item)).find("index").integer();
  return index ? std::to_string(*index) : std::string();
}

/// Whether an item of an earlier piece is `{"type": "text", ..}`.
bool MergedJson::isTextItem(uint32_t node) const {
  auto type = places.find({node, "type"});
  return nodes[node].kind == Kind::Object && nodes[node].piece != pieces && type != places.end() &&
         nodes[type->second].text == "text";
}

static bool isTextItem(std::string_view item) {
  return item.starts_with('{') && RawObject(RawJson::firstOf(item)).find("type").text() == "\"text\"";
}

bool MergedJson::step(std::string_view piece, size_t &at) {
  at = skipBlanks(piece, at);
  if (at >= piece.size())
    return false;
  Open &here = open.back();
  const uint32_t parent = here.node;
  const bool isObject = nodes[parent].kind == Kind::Object;
  if (here.next != Next::Part && piece[at] == (isObject ? '}' : ']')) {
    ++at;
    open.pop_back();
    return true;
  }
  if (here.next == Next::Comma) {
    here.next = Next::Part;
    return piece[at++] == ',';
  }
  const bool isFirst = here.next == Next::FirstPart;
  here.next = Next::Comma;
  std::string key;
  if (isObject)
    return readKey(piece, at, key) && begin(partOf(parent, key, key), piece, at);
  const std::vector<uint32_t> &parts = nodes[parent].parts;
  if (joinsTexts && isFirst && nodes[parent].depth == 0 && !parts.empty() && isTextItem(parts.back()) &&
      ::isTextItem(piece.substr(at)))
    return begin(parts.back(), piece, at);
  // Only of the outermost list: each item is looked through for its index.
  std::string index = nodes[parent].depth == 0 ? indexOf(piece.substr(at)) : std::string();
  return begin(partOf(parent, {}, index), piece, at);
}

bool MergedJson::add(std::string_view piece) {
  if (nodes.empty())
    addNode(0, {});
  ++pieces;
  open.clear();
  size_t at = 0;
  if (!begin(0, piece, at))
    return false;
  while (!open.empty() && bytes <= limits[Limit::ValueBytes] && !limits.isStopped())
    if (!step(piece, at))
      return false;
  return true;
}

Value MergedJson::valueOf(Node &node, std::vector<Value> &values) {
  if (node.kind == Kind::String)
    return Value::str(node.text);
  if (!isContainer(node.kind))
    return std::move(node.scalar);
  std::vector<Value> parts;
  for (uint32_t part : node.parts) {
    if (node.kind == Kind::Object)
      parts.push_back(Value::str(nodes[part].key));
    parts.push_back(std::move(values[part]));
  }
  return node.kind == Kind::Object ? Value::object(parts) : Value::list(parts);
}

bool MergedJson::take(Value &out, AnswerFault &fault) {
  if (bytes > limits[Limit::ValueBytes])
    return exceed(fault, limits, Limit::ValueBytes, "the answer of a model");
  if (deepest >= limits[Limit::JsonDepth])
    return exceed(fault, limits, Limit::JsonDepth, "the nesting of a JSON text");
  std::vector<Value> values(nodes.size());
  for (Node &node : nodes)
    if (!makeReadable(node.key) || !makeReadable(node.text))
      return failAsNoUtf8(fault);
  for (size_t id = nodes.size(); id-- > 0;)
    values[id] = valueOf(nodes[id], values);
  out = std::move(values.front());
  return true;
}
