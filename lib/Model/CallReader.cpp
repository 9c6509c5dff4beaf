#include "Model/CallReader.h"
#include "Model/CompletionReader.h"
#include "xcs/Model/Quirks.h"

using namespace xcs;

using Kind = RawJson::Kind;

static constexpr size_t mostCalls = 1024; // of one answer: what is sent must not make us allocate memory

static bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

/// Arguments are JSON in a string, or the JSON itself.
static bool readArguments(const RawJson &value, const std::string &at, std::string &out, AnswerFault &fault) {
  switch (value.kind()) {
  case Kind::Absent:
  case Kind::Null:
    return true;
  case Kind::String:
    return appendText(value, at, out, fault);
  case Kind::Bool:
  case Kind::Number:
  case Kind::Array:
  case Kind::Object:
    out = value.text();
    return true;
  case Kind::Odd:
  case Kind::Twice:
    break;
  }
  return failAt(fault, at, "is " + std::string(value.description()) + ", not the arguments of a call");
}

/// `name` and `arguments`, of `function`, of `function_call`, or of the call itself where it has no
/// `function`.
static bool readFunction(const RawJson &value, const std::string &at, ToolCallText &out, AnswerFault &fault) {
  RawObject function(value);
  if (value.kind() != Kind::Object || function.isBroken())
    return failAt(fault, at, "is " + std::string(value.description()) + ", not a call that can be read");
  return appendText(function.find("name"), at + "/name", out.name, fault) &&
         readArguments(function.find("arguments"), at + "/arguments", out.arguments, fault);
}

bool CallReader::readPiece(const RawJson &item, const std::string &at, Piece &out, AnswerFault &fault) {
  RawObject call(item);
  if (item.kind() != Kind::Object || call.isBroken())
    return failAt(fault, at, "is " + std::string(item.description()) + ", not a call that can be read");
  out.index = call.find("index").integer();
  if (!appendText(call.find("id"), at + "/id", out.said.id, fault))
    return false;
  RawJson function = call.find("function");
  if (!function.isAbsent())
    return readFunction(function, at + "/function", out.said, fault);
  std::string type;
  if (!appendText(call.find("type"), at + "/type", type, fault))
    return false;
  if (!type.empty() && type != "function" && call.find("name").isAbsent())
    return failAt(fault, at, "is a call of the type `" + shown(type) + "`, not of a function");
  return readFunction(item, at, out.said, fault);
}

bool CallReader::OpenCall::addRest(const RawJson &item, bool isPiece, const std::string &at,
                                   AnswerFault &fault) {
  keepsExtra = true;
  RawObject call(item);
  RawJson function = call.find("function");
  if (function.isAbsent())
    return rest.add(call, {"index", "id", "type", "function", "name", "arguments"}, isPiece, at, fault);
  return rest.add(call, {"index", "id", "type", "function"}, isPiece, at, fault) &&
         restOfFunction.add(RawObject(function), {"name", "arguments"}, isPiece, at + "/function", fault);
}

bool CallReader::add(const RawJson &calls, const std::string &at, bool arePieces, bool keepsExtra,
                     AnswerFault &fault) {
  if (calls.isAbsent())
    return true;
  std::vector<RawJson> items;
  if (calls.kind() == Kind::Object)
    items.push_back(calls); // the only one
  else if (calls.kind() != Kind::Array || !calls.items(items))
    return failAt(fault, at, "is " + std::string(calls.description()) + ", not a list of calls");
  const size_t before = open.size();
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].isAbsent())
      continue;
    Piece piece;
    std::string place = calls.kind() == Kind::Object ? at : at + '/' + std::to_string(i);
    if (!readPiece(items[i], place, piece, fault))
      return false;
    if (open.size() >= mostCalls)
      return failAt(fault, at, "has more than " + std::to_string(mostCalls) + " calls");
    OpenCall &call = arePieces ? addPiece(std::move(piece), i, items.size(), before)
                               : open.emplace_back(OpenCall{std::move(piece.said), piece.index});
    if (keepsExtra && !call.addRest(items[i], arePieces, place, fault))
      return false;
  }
  return true;
}

bool CallReader::addLegacy(const RawJson &call, const std::string &at, bool keepsExtra, AnswerFault &fault) {
  if (call.isAbsent())
    return true;
  ToolCallText said;
  if (!readFunction(call, at, said, fault))
    return false;
  auto addRest = [&](OpenCall &to) {
    to.keepsExtra = keepsExtra;
    return !keepsExtra || to.restOfFunction.add(RawObject(call), {"name", "arguments"}, true, at, fault);
  };
  for (OpenCall &other : open)
    if (other.isLegacy) {
      if (!said.name.empty())
        other.said.name = said.name;
      other.said.arguments += said.arguments;
      return addRest(other);
    }
  open.push_back({std::move(said), std::nullopt, true});
  return addRest(open.back());
}

size_t CallReader::byteSize() const {
  size_t bytes = 0;
  for (const OpenCall &call : open)
    bytes += call.said.id.size() + call.said.name.size() + call.said.arguments.size();
  return bytes;
}

CallReader::OpenCall *CallReader::byId(std::string_view id) {
  for (size_t i = open.size(); i > 0; --i)
    if (open[i - 1].said.id == id)
      return &open[i - 1];
  return nullptr;
}

/// The last call of that index; a call without one has its place.
CallReader::OpenCall *CallReader::byIndex(std::optional<int64_t> index) {
  if (!index)
    return nullptr;
  for (size_t i = open.size(); i > 0; --i)
    if (open[i - 1].index == index)
      return &open[i - 1];
  bool isPlace = *index >= 0 && static_cast<uint64_t>(*index) < open.size();
  return isPlace && !open[static_cast<size_t>(*index)].index ? &open[static_cast<size_t>(*index)] : nullptr;
}

void CallReader::Nesting::add(std::string_view piece) {
  for (char byte : piece) {
    if (isInString) {
      isInString = byte != '"' || isEscaped;
      isEscaped = byte == '\\' && !isEscaped;
      isOver |= !isInString && depth == 0;
    } else if (isBlank({&byte, 1})) {
      continue;
    } else if (isOver) {
      hasMore = true;
      return;
    } else if (byte == '"') {
      isInString = true;
    } else if (byte == '{' || byte == '[') {
      ++depth;
    } else if (depth == 0) {
      hasWord = true;
    } else if (byte == '}' || byte == ']') {
      isOver = --depth == 0;
    }
  }
}

bool CallReader::OpenCall::hasAllArguments() const {
  static constexpr size_t longestWord = 400; // longer than any number that somebody wrote
  if (nesting.isWord())
    return said.arguments.size() <= longestWord && isWholeJson(said.arguments);
  return nesting.isClosed();
}

/// Whether a piece with a name cannot belong to a call that has one: it names another function, or brings
/// arguments where all are there. Some endpoints repeat the name in each piece.
bool CallReader::beginsAnother(const OpenCall &before, const ToolCallText &piece) {
  if (piece.name.empty() || before.said.name.empty())
    return false;
  return piece.name != before.said.name || (!isBlank(piece.arguments) && before.hasAllArguments());
}

/// The call that a piece with an id continues; null when it begins one. The id may come after the name.
CallReader::OpenCall *CallReader::callById(const Piece &piece) {
  OpenCall *indexed = byIndex(piece.index);
  if (indexed && indexed->said.id.empty() && !beginsAnother(*indexed, piece.said))
    return indexed;
  // One id for all of them, distinguished by their indices.
  if (piece.index && !indexed && !piece.said.name.empty())
    return nullptr;
  OpenCall *known = indexed && indexed->said.id == piece.said.id ? indexed : byId(piece.said.id);
  return known && !beginsAnother(*known, piece.said) ? known : nullptr;
}

/// The call that a piece with a name and without an id continues; null when it begins one. The calls from
/// `firstOfList` on were begun by the same list.
CallReader::OpenCall *CallReader::callByName(const Piece &piece, size_t firstOfList) {
  OpenCall *target = piece.index ? byIndex(piece.index) : (open.empty() ? nullptr : &open.back());
  if (!target || static_cast<size_t>(target - open.data()) >= firstOfList)
    return nullptr;
  return beginsAnother(*target, piece.said) ? nullptr : target;
}

/// The call that a piece of arguments continues. `place` of `count`: its position in its list.
CallReader::OpenCall *CallReader::callByPlace(const Piece &piece, size_t place, size_t count) {
  OpenCall *last = open.empty() ? nullptr : &open.back();
  if (!piece.index)
    return count > 1 && place < open.size() ? &open[place] : last;
  OpenCall *indexed = byIndex(piece.index);
  return indexed || !last || last->index ? indexed : last;
}

CallReader::OpenCall *CallReader::callOf(const Piece &piece, size_t place, size_t count, size_t firstOfList) {
  if (!piece.said.id.empty())
    return callById(piece);
  return piece.said.name.empty() ? callByPlace(piece, place, count) : callByName(piece, firstOfList);
}

CallReader::OpenCall &CallReader::begin(ToolCallText said, std::optional<int64_t> index) {
  OpenCall &call = open.emplace_back();
  call.nesting.add(said.arguments);
  call.said = std::move(said);
  call.index = index;
  return call;
}

/// The call that it belongs to.
CallReader::OpenCall &CallReader::addPiece(Piece piece, size_t place, size_t count, size_t firstOfList) {
  OpenCall *call = callOf(piece, place, count, firstOfList);
  if (!call)
    return begin(std::move(piece.said), piece.index);
  ToolCallText &said = call->said;
  const bool isBare = isBlank(piece.said.arguments);
  if (call->isNamedAgain && !isBare && piece.said.id.empty() && piece.said.name.empty()) {
    return begin({{}, std::string(said.name), std::move(piece.said.arguments)}, piece.index);
  }
  call->isNamedAgain |= isBare && piece.said.id.empty() && !piece.said.name.empty() && !said.name.empty() &&
                        call->hasAllArguments();
  if (!piece.said.id.empty())
    said.id = std::move(piece.said.id);
  if (!piece.said.name.empty())
    said.name = std::move(piece.said.name);
  // Some begin with the empty arguments of a call that has some.
  if (said.arguments == "{}" && piece.said.arguments.starts_with('{')) {
    said.arguments.clear();
    call->nesting = {};
  }
  said.arguments += piece.said.arguments;
  call->nesting.add(piece.said.arguments);
  return *call;
}

bool CallReader::OpenCall::takeRest(const Limits &limits, AnswerFault &fault) {
  if (!keepsExtra || !rest.take(limits, said.extra, fault))
    return !keepsExtra;
  if (restOfFunction.isEmpty())
    return true;
  std::vector<Value> members(said.extra.items().begin(), said.extra.items().end());
  members.push_back(Value::str("function"));
  members.emplace_back();
  if (!restOfFunction.take(limits, members.back(), fault))
    return false;
  said.extra = Value::object(members);
  return true;
}

bool CallReader::take(const Limits &limits, std::vector<ToolCallText> &out, AnswerFault &fault) {
  bool hasOthers = false;
  for (const OpenCall &call : open)
    hasOthers |= !call.isLegacy;
  for (OpenCall &call : open) {
    if (call.isLegacy && hasOthers) // some endpoints send both
      continue;
    if (!call.takeRest(limits, fault))
      return false;
    out.push_back(std::move(call.said));
  }
  open.clear();
  return true;
}
