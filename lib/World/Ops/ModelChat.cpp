#include "World/RequestGroup.h"
#include "xcs/Model/AnswerReader.h"
#include "xcs/Model/ChatCall.h"
#include "xcs/Model/ChatVerdict.h"
#include "xcs/Model/EmbedBatches.h"
#include "xcs/Model/UsageReport.h"
#include "xcs/Support/Counted.h"
#include <cmath>

using namespace xcs;

static ChatCall callOf(const WorldOp::Site &site) {
  const PlanView &plan = site.context.plan;
  const PlanOp &op = plan.ops[site.op];
  ChatOperation operation{
      plan.constants,      plan.attrsOf(op), op.dict, plan.resources[op.target].dict, {}, {},
      site.context.schemas};
  for (uint32_t slot : plan.operandsOf(op))
    operation.operandTypes.push_back(site.slots()[slot].type);
  operation.resultType = site.slots()[op.resultSlot].type;
  return {std::move(operation), site.context.options.limits, site.operands};
}

/// The result: what the operation answers, in a record with what was asked for besides.
static Value resultOf(const ChatCall &call, Value answer, Value logprobs, const ModelUsage &usage) {
  if (!call.form.isReport())
    return answer;
  std::vector<Value> fields{std::move(answer)};
  if (call.form.asks.usage)
    fields.push_back(usageRecord(call.constants, call.resource, usage));
  if (call.form.asks.logprobs)
    fields.push_back(std::move(logprobs));
  return Value::record(fields);
}

namespace {

/// `model.chat`: one answer, or several texts from one request. If the model does not answer as asked (JSON
/// that does not fit, a tool that does not exist), it is asked once more.
class ChatOp final : public ModelRequest {
public:
  /// `wanted`: how many answers it must return. A part of a ChatGroup has one, and no result.
  ChatOp(Site given, int64_t wanted) : ModelRequest(std::move(given)), call(callOf(site)), wanted(wanted) {}

  std::vector<Value> answers, logprobs; // one of the latter each, if they were asked for

protected:
  std::string_view path() const override { return "chat/completions"; }
  bool body(std::string &out, OpError &error) override;
  double estimatedTokens() const override { return call.estimatedTokens(); }
  BudgetNeed attemptNeed() const override;
  bool isStreamed() const override { return call.isStreamed; }
  bool isAnswerShort() const override { return true; }
  void beforeAttempt() override { reader.reset(); }
  void piece(std::string_view bytes, bool isEventStream) override { answer().feed(bytes, isEventStream); }
  bool isComplete() const override { return reader && reader->isDone(); }
  bool isEnded() const override { return reader && reader->isStream() && reader->isWhole(); }
  bool isWhole() const override { return reader && (reader->isWhole() || reader->hasFault()); }
  bool hasAnswer() const override {
    return reader && (reader->isStream() ? reader->isWhole() : hasItems(reader->body(), "/choices"));
  }
  const std::string &wholeBody() const override {
    static const std::string none;
    return reader ? reader->body() : none;
  }
  void answered() override;

private:
  /// The reader of this attempt's answer, made for its first piece: most of the time it is only awaited.
  AnswerReader &answer() {
    if (!reader)
      reader = std::make_unique<AnswerReader>(limits(), asked, call.form.hasExtra || call.form.callsHaveExtra,
                                              call.logprobs());
    return *reader;
  }
  bool takeChoice(const ChatChoice &choice);
  bool echoesIn(const ChatChoice &choice);

  ChatCall call;
  Capabilities can;
  int64_t wanted, asked = 1; // `asked`: of the current request
  bool wasTold = false;      // that an answer did not fit
  std::vector<ChatTurn> more;
  std::unique_ptr<AnswerReader> reader; // null: nothing has come
};

/// Several answers, each by a separate request: for an endpoint without `n`, and for answers that may each
/// need a correction.
class ChatGroup final : public RequestGroup {
public:
  ChatGroup(const Site &given, int64_t count) : RequestGroup(given) {
    for (int64_t i = 0; i < count; ++i)
      add(std::make_unique<ChatOp>(given, 1));
  }

protected:
  void gathered(std::span<const std::unique_ptr<ModelRequest>> parts) override {
    std::vector<Value> answers, logprobs;
    for (const auto &part : parts) {
      auto &one = static_cast<ChatOp &>(*part);
      std::move(one.answers.begin(), one.answers.end(), std::back_inserter(answers));
      std::move(one.logprobs.begin(), one.logprobs.end(), std::back_inserter(logprobs));
    }
    succeed(resultOf(callOf(site), Value::list(answers), Value::list(logprobs), used().models));
  }
};

} // namespace

BudgetNeed ChatOp::attemptNeed() const {
  double prompt = call.promptTokens();
  for (const ChatTurn &turn : more)
    prompt += textTokens(turn.content);
  const bool oneByOne = call.form.answer != ChatForm::Answer::Text;
  return {static_cast<uint64_t>(std::ceil(prompt)),
          oneByOne ? 1 : static_cast<uint64_t>(wanted) - answers.size(), call.mostOfAnswer(),
          planOp().target};
}

bool ChatOp::body(std::string &out, OpError &error) {
  can = capabilitiesOf(call.constants, call.resource, host());
  if (std::string wrong = call.wrongOperand(); !wrong.empty()) {
    error = {Diag::BadMessage,
             formatMessage(rowOf(Diag::BadMessage).text, std::array<std::string_view, 1>{wrong})};
    return false;
  }
  if (call.form.tools != ChatForm::none && !can.tools) {
    error = {Diag::ModelCapability, formatMessage(rowOf(Diag::ModelCapability).text,
                                                  std::array<std::string_view, 2>{resourceName(), "tools"})};
    return false;
  }
  int64_t missing = wanted - static_cast<int64_t>(answers.size());
  asked = call.form.answer == ChatForm::Answer::Text && can.n ? missing : 1;
  return call.body(can, asked, more, out, error);
}

/// The body was searched as it was sent; here what its escapes, or the pieces of a stream, may have hidden.
/// What a typed answer's own escapes hide is searched for in its value.
bool ChatOp::echoesIn(const ChatChoice &choice) {
  for (std::string_view text : {choice.content, choice.refusal, choice.finish, choice.besides})
    if (echoes(text))
      return true;
  if (choice.error && echoes(choice.error->message))
    return true;
  for (const ToolCallText &made : choice.calls)
    if (echoes(made.name) || echoes(made.arguments) || echoes(made.id))
      return true;
  return false;
}

/// False if the operation has ended, or asks again.
bool ChatOp::takeChoice(const ChatChoice &choice) {
  if (echoesIn(choice))
    return false;
  ChatVerdict verdict = judgeAnswer(call, choice);
  switch (verdict.kind) {
  case ChatVerdict::Kind::Good:
    if (echoes(verdict.value))
      return false;
    if (echoes(choice.logprobs))
      return false;
    answers.push_back(std::move(verdict.value));
    if (call.form.asks.logprobs)
      logprobs.push_back(choice.logprobs.empty() ? Value::optionNone() : Value::some(choice.logprobs));
    return true;
  case ChatVerdict::Kind::AskAgain:
    if (!std::exchange(wasTold, true)) {
      more = std::move(verdict.more);
      askAgain();
      return false;
    }
    [[fallthrough]];
  case ChatVerdict::Kind::Failed:
    if (verdict.limit)
      fail(std::move(*verdict.limit));
    else
      fail(verdict.id, {resourceName(), verdict.first, verdict.second});
    return false;
  case ChatVerdict::Kind::TryAgain:
    tryAgain(-1, verdict.id, verdict.first);
    return false;
  }
  return false;
}

void ChatOp::answered() {
  Completion whole;
  AnswerFault fault;
  AnswerReader &came = answer();
  const bool isStream = came.isStream();
  const bool fine = came.finish(whole, fault);
  if (came.wasAnswered())
    count(whole.usage, std::max<size_t>(whole.choices.size(), 1));
  else if (isStream)
    countAbandoned();
  if (!fine) {
    unusable(std::move(fault), isStream);
    return;
  }
  size_t given = whole.choices.size();
  if (given > static_cast<size_t>(asked) || (given < static_cast<size_t>(asked) && can.isCountSure)) {
    fail(Diag::ModelCount, {resourceName(), counted(given, "answer"), std::to_string(asked)});
    return;
  }
  for (const ChatChoice &choice : whole.choices)
    if (!takeChoice(choice))
      return;
  if (answers.size() < static_cast<size_t>(wanted))
    askAgain(); // the endpoint does not support `n`, or not that many
  else if (group)
    succeed(Value::none());
  else if (call.form.isList)
    succeed(resultOf(call, Value::list(answers), Value::list(logprobs), usedSoFar()));
  else
    succeed(resultOf(call, std::move(answers.front()),
                     logprobs.empty() ? Value::none() : std::move(logprobs.front()), usedSoFar()));
}

std::unique_ptr<WorldOp> worldops::model_chat(WorldOp::Site site, ImmediateResult &) {
  ChatCall call = callOf(site);
  bool isText = call.form.answer == ChatForm::Answer::Text;
  if (call.count == 1 || (isText && capabilitiesOf(call.constants, call.resource, {}).n))
    return std::make_unique<ChatOp>(std::move(site), call.count);
  return std::make_unique<ChatGroup>(site, call.count);
}
