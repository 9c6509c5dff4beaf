#include "World/RequestGroup.h"
#include "xcs/Model/AnswerReader.h"
#include "xcs/Model/ChatCall.h"
#include "xcs/Model/ChatVerdict.h"
#include "xcs/Support/Counted.h"

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

namespace {

/// `model.chat`: one answer, or several texts from one request. If the model does not answer as asked (JSON
/// that does not fit, a tool that does not exist), it is asked once more.
class ChatOp final : public ModelRequest {
public:
  /// `wanted`: how many answers it must return; `asList`: whether the result is a list of them.
  ChatOp(Site given, int64_t wanted, bool asList)
      : ModelRequest(std::move(given)), call(callOf(site)), wanted(wanted), asList(asList) {}

protected:
  std::string_view path() const override { return "chat/completions"; }
  bool body(std::string &out, OpError &error) override;
  double estimatedTokens() const override { return call.estimatedTokens(); }
  bool isStreamed() const override { return call.isStreamed; }
  void beforeAttempt() override {
    reader.emplace(limits(), asked, call.form.hasExtra || call.form.callsHaveExtra);
  }
  void piece(std::string_view bytes, bool isEventStream) override { reader->feed(bytes, isEventStream); }
  bool isComplete() const override { return reader->isDone(); }
  bool isEnded() const override { return reader->isStream() && reader->isWhole(); }
  bool isWhole() const override { return reader->isWhole() || reader->hasFault(); }
  bool hasAnswer() const override {
    return reader->isStream() ? reader->isWhole() : hasItems(reader->body(), "/choices");
  }
  const std::string &wholeBody() const override { return reader->body(); }
  void answered() override;

private:
  bool takeChoice(const ChatChoice &choice);
  bool echoesIn(const ChatChoice &choice);

  ChatCall call;
  Capabilities can;
  int64_t wanted, asked = 1; // `asked`: of the current request
  bool asList;
  bool wasTold = false; // that an answer did not fit
  std::vector<Value> answers;
  std::vector<ChatTurn> more;
  std::optional<AnswerReader> reader; // of this attempt
};

/// Several answers, each by a separate request: for an endpoint without `n`, and for answers that may each
/// need a correction.
class ChatGroup final : public RequestGroup {
public:
  ChatGroup(const Site &given, int64_t count) : RequestGroup(given) {
    for (int64_t i = 0; i < count; ++i)
      add(std::make_unique<ChatOp>(given, 1, false));
  }

protected:
  void gathered(std::span<const std::unique_ptr<ModelRequest>> parts) override {
    std::vector<Value> answers;
    for (const auto &part : parts)
      answers.push_back(std::move(part->result));
    succeed(Value::list(answers));
  }
};

} // namespace

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
    answers.push_back(std::move(verdict.value));
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
  const bool isStream = reader->isStream();
  const bool fine = reader->finish(whole, fault);
  if (reader->wasAnswered())
    count(whole.usage);
  else if (isStream)
    ++usage.models.abandoned;
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
  else
    succeed(asList ? Value::list(answers) : std::move(answers.front()));
}

std::unique_ptr<WorldOp> worldops::model_chat(WorldOp::Site site, ImmediateResult &) {
  ChatCall call = callOf(site);
  bool isText = call.form.answer == ChatForm::Answer::Text;
  if (call.count == 1 || (isText && capabilitiesOf(call.constants, call.resource, {}).n))
    return std::make_unique<ChatOp>(std::move(site), call.count, call.form.isList);
  return std::make_unique<ChatGroup>(site, call.count);
}
