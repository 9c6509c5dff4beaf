#include "Ops/JsonSupport.h"
#include "Ops/KernelSupport.h"
#include "Ops/KeyText.h"
#include "Ops/Text.h"
#include <algorithm>
#include <charconv>

// The operations of the dialect `json` that take a JSON pointer (RFC 6901), or a key known at run time.
namespace xcs::kernels {

namespace {

/// The array index that a key of a pointer denotes: digits without leading zeros.
bool arrayIndex(std::string_view key, size_t &index) {
  auto [stop, failed] = std::from_chars(key.data(), key.data() + key.size(), index);
  return failed == std::errc() && stop == key.data() + key.size() && (key.size() == 1 || key.front() != '0');
}

/// The position among its parent's items of the value that `key` selects; npos, with the reason, if there is
/// none.
size_t childOf(const Value &parent, std::string_view key, std::string &why) {
  if (parent.kind() == ValueKind::List) {
    size_t index;
    if (arrayIndex(key, index) && index < parent.size())
      return index;
    why = "`" + std::string(key) + "` is not an index into an array of " + std::to_string(parent.size());
    return std::string_view::npos;
  }
  if (parent.kind() == ValueKind::Object) {
    if (const Value *found = findKey(parent, key))
      return static_cast<size_t>(found - parent.items().data());
    why = "the object has no key `" + std::string(key) + "`";
    return std::string_view::npos;
  }
  why = std::string(jsonKindName(parent)) + " has no `" + std::string(key) + "`";
  return std::string_view::npos;
}

bool keysOf(KernelCall &call, std::string_view pointer, std::vector<std::string> &keys) {
  std::string what;
  if (splitPointer(pointer, keys, what))
    return true;
  return call.fail(Diag::BadPointer, {pointer, what});
}

const Value *follow(const Value &from, std::span<const std::string> keys, std::string &why) {
  const Value *at = &from;
  for (const std::string &key : keys) {
    size_t child = childOf(*at, key, why);
    if (child == std::string_view::npos)
      return nullptr;
    at = &at->items()[child];
  }
  return at;
}

/// `parent` with `v` at `key`: replaced, added to an object, or appended to an array for `-`.
bool insertMember(const Value &parent, std::string_view key, Value v, Value &out, std::string &why) {
  std::vector<Value> items;
  bool array = parent.kind() == ValueKind::List;
  size_t at = array && key == "-" ? std::string_view::npos : childOf(parent, key, why);
  bool adds = at == std::string_view::npos && (array ? key == "-" : parent.kind() == ValueKind::Object);
  if (at == std::string_view::npos && !adds)
    return false;
  items.assign(parent.items().begin(), parent.items().end());
  if (!adds) {
    items[at] = std::move(v);
  } else {
    if (!array)
      items.push_back(Value::str(key));
    items.push_back(std::move(v));
  }
  out = array ? Value::list(items) : Value::object(items);
  return true;
}

/// A key of an object is a str, an index into an array an i64; false, with the reason, for anything else.
bool isKeyOf(const Value &json, const Value &key, std::string &why) {
  if (json.kind() == (key.kind() == ValueKind::Str ? ValueKind::Object : ValueKind::List))
    return true;
  why = std::string(jsonKindName(json)) + (key.kind() == ValueKind::Str ? " has no keys" : " has no indices");
  return false;
}

} // namespace

bool json_at(KernelCall &call) {
  const Value &from = call.operand(0);
  const std::string key = keyText(call.operand(1));
  std::string why;
  const size_t child = isKeyOf(from, call.operand(1), why) ? childOf(from, key, why) : std::string_view::npos;
  return child != std::string_view::npos ? returnValue(call, from.items()[child])
                                         : call.fail(Diag::JsonMissing, {excerpt(key), why});
}

bool json_set(KernelCall &call) {
  const Value &into = call.operand(0);
  const std::string key = keyText(call.operand(1));
  if (!mayAllocate(call, into.byteSize() + call.operand(2).byteSize() + Value::textBytes(key.size())))
    return false;
  std::string why;
  Value made;
  if (!isKeyOf(into, call.operand(1), why) || !insertMember(into, key, call.operand(2), made, why))
    return call.fail(Diag::JsonMissing, {excerpt(key), why});
  return made.depth() > call.limits[Limit::JsonDepth] ? exceeds(call, Limit::JsonDepth)
                                                      : returnValue(call, std::move(made));
}

bool json_get(KernelCall &call) {
  const std::string_view pointer = textOrAttr(call, 1, attrRow<OpCode::json_get>("pointer"));
  std::vector<std::string> keys;
  std::string why;
  if (!keysOf(call, pointer, keys))
    return false;
  const Value *found = follow(call.operand(0), keys, why);
  return found ? returnValue(call, *found) : call.fail(Diag::JsonMissing, {pointer, why});
}

bool json_find(KernelCall &call) {
  std::vector<std::string> keys;
  std::string why;
  if (!keysOf(call, textOrAttr(call, 1, attrRow<OpCode::json_find>("pointer")), keys))
    return false;
  const Value *found = follow(call.operand(0), keys, why);
  return returnValue(call, found ? Value::some(*found) : Value::optionNone());
}

// Values are immutable: the containers on the path are copied, from the last one up, and share everything
// else. Only an append to a whole array may grow it in place.
bool json_put(KernelCall &call) {
  const std::string_view pointer = textOrAttr(call, 2, attrRow<OpCode::json_put>("pointer"));
  std::vector<std::string> keys;
  std::string why;
  if (!keysOf(call, pointer, keys))
    return false;
  // The copies on the path share everything else.
  if (!mayAllocate(call, call.operand(0).byteSize() + call.operand(1).byteSize() + pointer.size() +
                             Value::textBytes(0)))
    return false;
  if (call.operandCount == 2 && keys.size() == 1 && keys[0] == "-" &&
      call.operand(0).kind() == ValueKind::List &&
      std::max(call.operand(0).depth(), call.operand(1).depth() + 1) <= call.limits[Limit::JsonDepth] &&
      growFirst(call, [](Value &to, const Value &item) { return to.appendItems({&item, 1}); }))
    return true;
  std::vector<const Value *> parents;
  for (size_t i = 0; i < keys.size(); ++i) {
    parents.push_back(follow(i ? *parents.back() : call.operand(0),
                             std::span(keys).subspan(i ? i - 1 : 0, i ? 1 : 0), why));
    if (!parents.back())
      return call.fail(Diag::JsonMissing, {pointer, why});
  }
  Value made = call.operand(1);
  for (size_t i = keys.size(); i--;)
    if (!insertMember(*parents[i], keys[i], std::move(made), made, why))
      return call.fail(Diag::JsonMissing, {pointer, why});
  return made.depth() > call.limits[Limit::JsonDepth] ? exceeds(call, Limit::JsonDepth)
                                                      : returnValue(call, std::move(made));
}

} // namespace xcs::kernels
