#include "World/RequestGroup.h"
#include "xcs/Model/Capabilities.h"
#include "xcs/Model/EmbedBatches.h"
#include "xcs/Model/ExtraMembers.h"
#include "xcs/Ops/RowAttrs.h"
#include "xcs/Support/Counted.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace xcs;

// Small enough to run concurrently, well below what OpenAI accepts (2048 texts, 300,000 tokens,
// https://platform.openai.com/docs/api-reference/embeddings/create).
static constexpr BatchBounds defaultBounds{256, 100'000};

namespace {

/// One batch of `model.embed`; its result is the list of its vectors.
class EmbedRequest final : public ModelRequest {
public:
  EmbedRequest(Site given, EmbedBatch batch) : ModelRequest(std::move(given)), batch(batch) {}

protected:
  std::string_view path() const override { return "embeddings"; }
  bool body(std::string &out, OpError &error) override;
  double estimatedTokens() const override {
    double tokens = 0;
    for (const Value &text : texts())
      tokens += textTokens(text.text());
    return tokens;
  }
  BudgetNeed attemptNeed() const override {
    return {static_cast<uint64_t>(std::ceil(estimatedTokens())), 0, 0, planOp().target};
  }
  void beforeAttempt() override { taken.clear(); }
  void piece(std::string_view bytes, bool) override { taken += bytes; }
  bool isWhole() const override { return isWholeJson(taken); }
  bool hasAnswer() const override { return hasItems(taken, "/data"); }
  const std::string &wholeBody() const override { return taken; }
  void answered() override;

private:
  std::span<const Value> texts() const { return site.operands[0].items().subspan(batch.first, batch.count); }
  AttrId dimensions() const {
    return plan().attrsOf(planOp())[attrIndex(rowattrs::model_embed, "dimensions")];
  }

  EmbedBatch batch;
  std::string taken; // of the answer of this attempt
};

/// `model.embed`: a vector for each text, in the order of the texts, in as many requests as the bounds on a
/// batch require.
class EmbedGroup final : public RequestGroup {
public:
  EmbedGroup(const Site &given, std::span<const EmbedBatch> batches) : RequestGroup(given) {
    for (const EmbedBatch &batch : batches)
      add(std::make_unique<EmbedRequest>(given, batch));
  }

protected:
  void gathered(std::span<const std::unique_ptr<ModelRequest>> parts) override;
};

} // namespace

bool EmbedRequest::body(std::string &out, OpError &error) {
  const ConstantView &c = plan().constants;
  const DictId resource = plan().resources[planOp().target].dict;
  ExtraMembers extras(c, limits());
  if (!extras.addAttribute(resource, error) || !extras.addAttribute(planOp().dict, error))
    return false;
  auto ref = [](std::string_view text) { return llvm::StringRef(text.data(), text.size()); };
  llvm::raw_string_ostream stream(out);
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("model", ref(c.textAttr(c.find(resource, Attribute::model))));
    json.attributeArray("input", [&] {
      for (const Value &text : texts())
        json.value(ref(text.text()));
    });
    if (AttrId given = dimensions())
      json.attribute("dimensions", c.intAttr(given));
    if (capabilitiesOf(c, resource, host()).encodingFormat && !extras.has("encoding_format"))
      json.attribute("encoding_format", "float");
    extras.write(json);
  });
  return true;
}

void EmbedRequest::answered() {
  EmbedAnswer answer;
  AnswerFault fault;
  bool fine = readVectors(taken, batch.count, limits(), answer, fault);
  if (answer.usage.prompt) // nothing is written, and nothing kept, for an embedding
    answer.usage.completion = answer.usage.cached = answer.usage.reasoning = 0;
  if (answer.wasAnswered)
    count(answer.usage, 0);
  AttrId given = dimensions();
  for (size_t i = 0; fine && given && i < answer.vectors.size(); ++i)
    if (static_cast<int64_t>(answer.vectors[i].size()) != plan().constants.intAttr(given)) {
      fault = {};
      fault.what = "vector " + std::to_string(i) + " has " + counted(answer.vectors[i].size(), "dimension") +
                   ", not " + std::to_string(plan().constants.intAttr(given));
      fine = false;
    }
  if (fine)
    succeed(Value::list(answer.vectors));
  else
    unusable(std::move(fault), false);
}

void EmbedGroup::gathered(std::span<const std::unique_ptr<ModelRequest>> parts) {
  std::vector<Value> all;
  for (const auto &part : parts)
    all.insert(all.end(), part->result.items().begin(), part->result.items().end());
  for (const Value &vector : all)
    if (vector.size() != all.front().size()) {
      const PlanView &plan = site.context.plan;
      fail(Diag::ModelAnswer, {plan.constants.text(plan.resources[planOp().target].symbol),
                               "its vectors have " + std::to_string(all.front().size()) + " and " +
                                   std::to_string(vector.size()) + " dimensions"});
      return;
    }
  succeed(Value::list(all));
}

std::unique_ptr<WorldOp> worldops::model_embed(WorldOp::Site site, ImmediateResult &immediate) {
  std::span<const Value> texts = site.operands[0].items();
  if (texts.empty()) {
    immediate.value = Value::list({});
    return nullptr;
  }
  const PlanView &plan = site.context.plan;
  const PlanOp &op = plan.ops[site.op];
  auto bound = [&](Attribute attribute, int64_t fallback) {
    AttrId given = plan.attrOf(op, attribute);
    return given ? plan.constants.intAttr(given) : fallback;
  };
  BatchBounds bounds{bound(Attribute::max_batch, defaultBounds.texts),
                     bound(Attribute::max_batch_tokens, defaultBounds.tokens)};
  return std::make_unique<EmbedGroup>(site, splitIntoBatches(texts, bounds));
}
