#include "Runtime/Ops/ChatMessage.h"
#include "Runtime/RowAttrs.h"
#include "xcs/Ops/JsonText.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <charconv>

using namespace xcs;

static void writeNumber(llvm::json::OStream &json, const ConstantView &c, AttrId attr) {
  // The shortest form that reads back to the same number: 0.7, where the library writes 17 digits.
  char digits[32];
  bool isFloat = c.attr(attr).kind == AttrKind::F64;
  auto end = isFloat ? std::to_chars(digits, std::end(digits), c.floatAttr(attr))
                     : std::to_chars(digits, std::end(digits), c.intAttr(attr));
  json.rawValue(llvm::StringRef(digits, static_cast<size_t>(end.ptr - digits)));
}

static llvm::StringRef ref(std::string_view text) { return {text.data(), text.size()}; }

static void writeMessage(llvm::json::OStream &json, llvm::StringRef role, std::string_view content) {
  json.object([&] {
    json.attribute("role", role);
    json.attribute("content", ref(content));
  });
}

static void writeOptions(llvm::json::OStream &json, const PlanView &plan, const PlanOp &op) {
  const ConstantView &c = plan.constants;
  std::span<const AttrId> attrs = plan.attrsOf(op);
  static constexpr std::pair<llvm::StringLiteral, size_t> numbers[] = {
      {"temperature", attrIndex(rowattrs::model_chat, "temperature")},
      {"top_p", attrIndex(rowattrs::model_chat, "top_p")},
      {"max_tokens", attrIndex(rowattrs::model_chat, "max_tokens")},
      {"seed", attrIndex(rowattrs::model_chat, "seed")},
  };
  for (const auto &[key, row] : numbers)
    if (attrs[row]) {
      json.attributeBegin(key);
      writeNumber(json, c, attrs[row]);
      json.attributeEnd();
    }
  if (AttrId stop = attrs[attrIndex(rowattrs::model_chat, "stop")])
    json.attributeArray("stop", [&] {
      for (AttrId item : c.items(stop))
        json.value(ref(c.textAttr(item)));
    });
}

std::string xcs::chatRequestBody(const PlanView &plan, const PlanOp &op, std::string_view prompt,
                                 std::string_view system) {
  const ConstantView &c = plan.constants;
  std::string body;
  llvm::raw_string_ostream out(body);
  llvm::json::OStream json(out);
  json.object([&] {
    json.attribute("model", ref(c.textAttr(c.find(plan.resources[op.target].dict, "model"))));
    json.attributeArray("messages", [&] {
      if (!system.empty())
        writeMessage(json, "system", system);
      writeMessage(json, "user", prompt);
    });
    writeOptions(json, plan, op);
  });
  return body;
}

/// The member `key` of a JSON object; null when it is no object or has none.
static const Value *member(const Value *object, std::string_view key) {
  if (!object || object->kind() != ValueKind::Object)
    return nullptr;
  std::span<const Value> items = object->items();
  for (size_t i = 0; i + 1 < items.size(); i += 2)
    if (items[i].text() == key)
      return &items[i + 1];
  return nullptr;
}

static const Value *firstOf(const Value *list) {
  return list && list->kind() == ValueKind::List && list->size() ? &list->items()[0] : nullptr;
}

static std::string_view textOf(const Value *value) {
  return value && value->kind() == ValueKind::Str ? value->text() : std::string_view();
}

static void addCount(TokenCount &to, const Value *reported) {
  if (reported && reported->kind() == ValueKind::I64 && reported->asI64() >= 0)
    to.add(static_cast<uint64_t>(reported->asI64()));
  else
    ++to.unknown;
}

static void addUsageOf(const Value &root, ModelUsage &usage) {
  const Value *reported = member(&root, "usage");
  ++usage.answers;
  addCount(usage.prompt, member(reported, "prompt_tokens"));
  addCount(usage.completion, member(reported, "completion_tokens"));
  addCount(usage.cached, member(member(reported, "prompt_tokens_details"), "cached_tokens"));
  addCount(usage.reasoning, member(member(reported, "completion_tokens_details"), "reasoning_tokens"));
}

static ChatAnswer problem(Diag id, std::string first, std::string second = {}) {
  ChatAnswer answer;
  answer.problem = id;
  answer.first = std::move(first);
  answer.second = std::move(second);
  return answer;
}

ChatAnswer xcs::readChatResponse(std::string_view body, const Limits &limits, std::string_view resource,
                                 ModelUsage &usage) {
  Value root;
  OpError error;
  if (!parseJson(body, limits, root, error))
    return problem(Diag::ModelAnswer, std::string(resource), error.message);
  addUsageOf(root, usage);
  const Value *choice = firstOf(member(&root, "choices"));
  if (!choice)
    return problem(Diag::ModelAnswer, std::string(resource), "it has no choices");
  std::string_view finish = textOf(member(choice, "finish_reason"));
  const Value *message = member(choice, "message");
  if (finish == "length")
    return problem(Diag::ModelLength, std::string(resource));
  if (finish == "content_filter")
    return problem(Diag::ModelFiltered, std::string(resource));
  if (std::string_view refusal = textOf(member(message, "refusal")); !refusal.empty())
    return problem(Diag::ModelRefused, std::string(resource), std::string(refusal));
  const Value *content = member(message, "content");
  if (!content || content->kind() != ValueKind::Str)
    return problem(Diag::ModelAnswer, std::string(resource), "its message has no text");
  ChatAnswer answer;
  answer.ok = true;
  answer.content = std::string(content->text());
  return answer;
}

std::string xcs::errorMessageOf(const std::string &body, const Limits &limits) {
  static constexpr size_t mostShown = 300;
  Value root;
  OpError error;
  if (parseJson(body, limits, root, error))
    if (std::string_view text = textOf(member(member(&root, "error"), "message")); !text.empty())
      return std::string(text.substr(0, mostShown));
  return body.empty() ? "no message" : body.substr(0, mostShown);
}
