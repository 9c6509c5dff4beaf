#include "Model/TokenLogprobs.h"
#include "Model/CompletionReader.h"

using namespace xcs;

using Kind = RawJson::Kind;

static bool failAs(AnswerFault &fault, const std::string &at, const RawJson &came, std::string_view awaited) {
  return failAt(fault, at, "is " + std::string(came.description()) + ", not " + std::string(awaited));
}

/// A token and its logarithm; a token that is part of a character has U+FFFD in the place of that part.
static bool takeToken(const RawJson &token, const RawJson &number, const std::string &at,
                      std::vector<Value> &fields, AnswerFault &fault) {
  std::string text;
  if (token.kind() != Kind::String || !token.appendTo(text))
    return failAs(fault, at + "/token", token, "text");
  if (!makeReadable(text))
    return failAsNoUtf8(fault);
  const std::optional<double> value = number.kind() == Kind::Number ? number.number() : std::nullopt;
  if (!value)
    return failAs(fault, at + "/logprob", number, "a finite number");
  fields.push_back(Value::str(text));
  fields.push_back(Value::f64(*value));
  return true;
}

static bool takeAlternatives(const RawJson &list, const std::string &at, Value &out, AnswerFault &fault) {
  std::vector<RawJson> items;
  if (!list.isAbsent() && (list.kind() != Kind::Array || !list.items(items)))
    return failAs(fault, at, list, "a list of tokens");
  std::vector<Value> tokens;
  for (size_t i = 0; i < items.size(); ++i) {
    std::vector<Value> fields;
    const std::string place = at + '/' + std::to_string(i);
    if (!takeToken(items[i].at("/token"), items[i].at("/logprob"), place, fields, fault))
      return false;
    tokens.push_back(Value::record(fields));
  }
  out = Value::list(tokens);
  return true;
}

bool TokenLogprobs::addContent(const RawJson &list, const std::string &at, Logprobs wanted,
                               AnswerFault &fault) {
  std::vector<RawJson> items;
  if (list.kind() != Kind::Array || !list.items(items))
    return failAs(fault, at, list, "a list of tokens");
  isThere = true;
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string place = at + '/' + std::to_string(i);
    RawObject token(items[i]);
    std::vector<Value> fields;
    if (!takeToken(token.find("token"), token.find("logprob"), place, fields, fault))
      return false;
    if (wanted == Logprobs::Alternatives &&
        !takeAlternatives(token.find("top_logprobs"), place + "/top_logprobs", fields.emplace_back(), fault))
      return false;
    tokens.push_back(Value::record(fields));
  }
  return true;
}

bool TokenLogprobs::addLists(const RawObject &members, const std::string &at, Logprobs wanted,
                             AnswerFault &fault) {
  std::vector<RawJson> texts, numbers;
  const RawJson names = members.find("tokens"), values = members.find("token_logprobs");
  if (names.isAbsent() && values.isAbsent())
    return true;
  if (names.kind() != Kind::Array || !names.items(texts))
    return failAs(fault, at + "/tokens", names, "a list of tokens");
  if (values.kind() != Kind::Array || !values.items(numbers) || numbers.size() != texts.size())
    return failAt(fault, at + "/token_logprobs", "is not a list of as many numbers as there are tokens");
  isThere = true;
  for (size_t i = 0; i < texts.size(); ++i) {
    std::vector<Value> fields;
    if (!takeToken(texts[i], numbers[i], at + '/' + std::to_string(i), fields, fault))
      return false;
    if (wanted == Logprobs::Alternatives) // in this form they have no order
      fields.push_back(Value::list({}));
    tokens.push_back(Value::record(fields));
  }
  return true;
}

bool TokenLogprobs::add(const RawJson &member, const std::string &at, Logprobs wanted, AnswerFault &fault) {
  if (member.isAbsent())
    return true;
  RawObject members(member);
  if (member.kind() != Kind::Object || members.isBroken())
    return failAs(fault, at, member, "an object of tokens");
  const RawJson content = members.find("content");
  return content.isAbsent() ? addLists(members, at, wanted, fault)
                            : addContent(content, at + "/content", wanted, fault);
}

Value TokenLogprobs::take() { return isThere ? Value::list(tokens) : Value(); }
