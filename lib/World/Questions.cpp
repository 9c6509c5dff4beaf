#include "World/Questions.h"
#include "World/Draw.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Support/Utf8.h"
#include "xcs/Support/Visible.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SHA256.h"

using namespace xcs;

std::string_view xcs::questionFormName(QuestionForm form) {
  switch (form) {
  case QuestionForm::Text:
    return "a text";
  case QuestionForm::YesNo:
    return "yes or no";
  case QuestionForm::Json:
    return "JSON";
  }
  return {};
}

std::string QuestionText::shortPrompt() const {
  static constexpr size_t most = 200;
  return visible(beginningOf(prompt, most)) + (prompt.size() > most ? "..." : "");
}

static std::string promptDigest(std::string_view prompt) {
  llvm::SHA256 hash;
  hash.update(llvm::StringRef(prompt));
  const std::array<uint8_t, 32> all = hash.final();
  return llvm::toHex(llvm::ArrayRef<uint8_t>(all).take_front(4), /*LowerCase=*/true);
}

static TypeId answerType(const PlanView &plan, const WorldRequest &request) {
  return plan.slots[plan.regions[request.region].firstSlot + plan.ops[request.op].resultSlot].type;
}

static QuestionForm formOf(TypeKind kind) {
  if (kind == TypeKind::Bool)
    return QuestionForm::YesNo;
  return kind == TypeKind::Json ? QuestionForm::Json : QuestionForm::Text;
}

Value xcs::defaultAnswer(const PlanView &plan, const WorldRequest &request) {
  const AttrId given = plan.constants.find(plan.ops[request.op].dict, Attribute::default_);
  return given ? valueOfAttr(plan.constants, given, answerType(plan, request)) : Value();
}

/// As a person would answer.
static std::string shownDefault(const PlanView &plan, const WorldRequest &request, QuestionForm form) {
  const Value value = defaultAnswer(plan, request);
  if (value.empty() || form == QuestionForm::Text)
    return value.empty() ? std::string() : std::string(value.text());
  if (form == QuestionForm::YesNo)
    return value.asBool() ? "yes" : "no";
  std::string text;
  OpError error;
  return appendJson(text, value, JsonLayout::Line, Limits(), error) ? text : "JSON";
}

QuestionText xcs::questionOf(const PlanView &plan, const WorldClient &client, const WorldRequest &request) {
  const PlanOp &op = plan.ops[request.op];
  QuestionText out;
  out.name = placeText(drawPlace(plan, client, request));
  out.prompt = request.operands[0].text();
  out.digest = promptDigest(out.prompt);
  out.form = formOf(plan.constants.kind(answerType(plan, request)));
  if (const AttrId timeout = plan.constants.find(op.dict, Attribute::timeout))
    out.timeout = plan.constants.intAttr(timeout);
  out.byDefault = shownDefault(plan, request, out.form);
  return out;
}

static std::string readYesNo(std::string_view given, Value &value) {
  const llvm::StringRef word = llvm::StringRef(given).trim();
  for (llvm::StringRef yes : {"yes", "y", "true"})
    if (word.equals_insensitive(yes)) {
      value = Value::boolean(true);
      return {};
    }
  for (llvm::StringRef no : {"no", "n", "false"})
    if (word.equals_insensitive(no)) {
      value = Value::boolean(false);
      return {};
    }
  return "it is neither `yes` nor `no`";
}

std::string xcs::readAnswer(QuestionForm form, std::string_view given, const Limits &limits, Value &value) {
  if (invalidUtf8At(given) != std::string_view::npos)
    return "it is not valid UTF-8";
  if (given.size() > limits[Limit::ValueBytes])
    return "it is larger than a value may be";
  OpError error;
  switch (form) {
  case QuestionForm::Text:
    value = Value::str(given);
    return {};
  case QuestionForm::YesNo:
    return readYesNo(given, value);
  case QuestionForm::Json:
    return parseJson(given, limits, value, error) ? std::string() : error.message;
  }
  return {};
}

OpError xcs::waitingError(const QuestionText &question) {
  const std::string prompt = question.shortPrompt();
  std::string_view arguments[] = {question.name, questionFormName(question.form), prompt};
  return {Diag::QuestionWaiting, formatMessage(rowOf(Diag::QuestionWaiting).text, arguments), 1};
}

OpError xcs::timeoutError(const QuestionText &question) {
  const std::string time = printDuration(question.timeout);
  std::string_view arguments[] = {question.name, time};
  return {Diag::QuestionTimeout, formatMessage(rowOf(Diag::QuestionTimeout).text, arguments), 1};
}
