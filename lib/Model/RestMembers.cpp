#include "Model/RestMembers.h"
#include "Model/CompletionReader.h"
#include "Model/MergedJson.h"
#include "xcs/Model/Quirks.h"
#include <algorithm>

using namespace xcs;

using Kind = RawJson::Kind;

// Of one message or call: what is sent must not make us look through long lists for each piece.
static constexpr size_t mostMembers = 256;

RestMembers::Member *RestMembers::find(std::string_view key) {
  auto at = std::find_if(members.begin(), members.end(), [&](const Member &one) { return one.key == key; });
  return at == members.end() ? nullptr : &*at;
}

bool RestMembers::addMember(std::string_view key, const RawJson &value, bool isPiece, const std::string &at,
                            AnswerFault &fault) {
  if (value.isAbsent() || value.kind() == Kind::Odd || value.kind() == Kind::Twice)
    return true;
  Member *member = find(key);
  if (!member && members.size() >= mostMembers)
    return failAt(fault, at, "has more than " + std::to_string(mostMembers) + " members that are unknown");
  if (!member)
    member = &members.emplace_back(Member{std::string(key), value.kind(), {}, {}});
  const bool isNested = value.kind() == Kind::Object || value.kind() == Kind::Array;
  const bool continues =
      isPiece && member->kind == value.kind() && (isNested || value.kind() == Kind::String) && !isKept(key);
  if (!continues) {
    member->kind = value.kind();
    member->text.clear();
    member->pieces.clear();
  }
  if (value.kind() == Kind::String)
    return appendText(value, at + '/' + std::string(key), member->text, fault);
  member->pieces.emplace_back(value.text());
  return true;
}

bool RestMembers::add(const RawObject &object, Names understood, bool arePieces, const std::string &at,
                      AnswerFault &fault) {
  return object.forEach([&](std::string_view key, const RawJson &value) {
    bool isKnown = std::find(understood.begin(), understood.end(), key) != understood.end();
    return isKnown || addMember(key, value, arePieces, at, fault);
  });
}

void RestMembers::replaceBy(RestMembers other) {
  for (Member &member : other.members)
    if (Member *own = find(member.key))
      *own = std::move(member);
    else
      members.push_back(std::move(member));
}

bool RestMembers::take(const Limits &limits, Value &out, AnswerFault &fault) {
  std::vector<Value> all;
  for (Member &member : std::exchange(members, {})) {
    Value value;
    if (!makeReadable(member.key) || !makeReadable(member.text))
      return failAsNoUtf8(fault);
    if (member.kind == Kind::String) {
      value = Value::str(member.text);
    } else {
      MergedJson merged(limits, texts == Texts::Joined);
      bool isJson = true;
      for (const std::string &piece : member.pieces)
        isJson = isJson && merged.add(RawJson::firstOf(piece).text());
      if (!isJson)
        continue;
      if (!merged.take(value, fault))
        return false;
    }
    all.push_back(Value::str(member.key));
    all.push_back(std::move(value));
  }
  out = Value::object(all);
  return true;
}
