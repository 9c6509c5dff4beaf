#include "World/RequestGroup.h"
#include "xcs/Model/EmbedBatches.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/RowAttrs.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

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
  void answered(std::string_view body) override;

private:
  std::span<const Value> texts() const { return site.operands[0].items().subspan(batch.first, batch.count); }
  AttrId dimensions() const {
    return plan().attrsOf(planOp())[attrIndex(rowattrs::model_embed, "dimensions")];
  }

  EmbedBatch batch;
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

bool EmbedRequest::body(std::string &out, OpError &) {
  const ConstantView &c = plan().constants;
  auto ref = [](std::string_view text) { return llvm::StringRef(text.data(), text.size()); };
  llvm::raw_string_ostream stream(out);
  llvm::json::OStream json(stream);
  json.object([&] {
    json.attribute("model",
                   ref(c.textAttr(c.find(plan().resources[planOp().target].dict, Attribute::model))));
    json.attributeArray("input", [&] {
      for (const Value &text : texts())
        json.value(ref(text.text()));
    });
    if (AttrId given = dimensions())
      json.attribute("dimensions", c.intAttr(given));
    json.attribute("encoding_format", "float");
  });
  return true;
}

void EmbedRequest::answered(std::string_view body) {
  Value root;
  OpError error;
  if (!parseJson(body, limits(), root, error)) {
    fail(Diag::ModelAnswer, {resourceName(), error.message});
    return;
  }
  ReportedUsage reported = reportedUsage(root);
  if (reported.prompt) // embeddings have no completion and no cached tokens
    reported.completion = reported.cached = reported.reasoning = 0;
  count(reported);
  std::vector<Value> vectors;
  std::string why;
  AttrId given = dimensions();
  bool fine = readVectors(root, batch.count, vectors, why);
  for (size_t i = 0; fine && given && i < vectors.size(); ++i)
    if (static_cast<int64_t>(vectors[i].size()) != plan().constants.intAttr(given)) {
      why = "vector " + std::to_string(i) + " has " + std::to_string(vectors[i].size()) +
            " dimensions, not " + std::to_string(plan().constants.intAttr(given));
      fine = false;
    }
  if (fine)
    succeed(Value::list(vectors));
  else
    fail(Diag::ModelAnswer, {resourceName(), why});
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
  return std::make_unique<EmbedGroup>(site, cutIntoBatches(texts, bounds));
}
