#include "xcs-run/Usage.h"
#include "xcs/Model/UsageReport.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <optional>

using namespace xcs;
using namespace xcs::runner;

namespace {

/// A count of requests and its printed name.
struct RequestCount {
  llvm::StringLiteral name, key;
  uint64_t ModelUsage::*member;
};
constexpr RequestCount requestCounts[] = {
    {"calls", "calls", &ModelUsage::calls},
    {"requests", "requests", &ModelUsage::requests},
    {"retries", "retries", &ModelUsage::retries},
    {"re-asks", "reasks", &ModelUsage::reasks},
    {"abandoned", "abandoned", &ModelUsage::abandoned},
};

struct TokenRow {
  llvm::StringLiteral name, key;
  TokenCount ModelUsage::*member;
};
constexpr TokenRow tokenRows[] = {
    {"prompt tokens", "prompt_tokens", &ModelUsage::prompt},
    {"completion tokens", "completion_tokens", &ModelUsage::completion},
    {"cached tokens", "cached_tokens", &ModelUsage::cached},
    {"reasoning tokens", "reasoning_tokens", &ModelUsage::reasoning},
};

} // namespace

static bool unreported(const TokenCount &count) { return count.reported == 0 && count.unknown != 0; }

std::vector<ModelRow> runner::usageByModel(const PlanView &plan, const std::vector<OpUsage> &usage) {
  std::map<uint32_t, ModelUsage> sums;
  for (const OpUsage &row : usage)
    sums[plan.ops[row.op].target] += row.usage;
  std::vector<ModelRow> rows;
  for (const auto &[resource, sum] : sums)
    rows.push_back({resource, sum});
  return rows;
}

static std::optional<TokenPrice> priceIn(const PlanView &plan, uint32_t resource, const ModelUsage &usage) {
  return priceOf(plan.constants, plan.resources[resource].dict, usage);
}

std::string runner::printModelRows(const PlanView &plan, const std::vector<OpUsage> &usage) {
  std::string text;
  llvm::raw_string_ostream out(text);
  for (const auto &[resource, sum] : usageByModel(plan, usage)) {
    std::string_view name = plan.constants.text(plan.resources[resource].symbol);
    out << "model @" << llvm::StringRef(name.data(), name.size()) << ':';
    const char *comma = " ";
    for (const RequestCount &row : requestCounts) {
      out << comma << sum.*row.member << ' ' << row.name;
      comma = ", ";
    }
    for (const TokenRow &row : tokenRows) {
      const TokenCount &count = sum.*row.member;
      if (unreported(count))
        out << ", unknown " << row.name;
      else
        out << (count.unknown ? ", at least " : ", ") << count.sum << ' ' << row.name;
    }
    if (sum.savedCalls)
      out << ", " << sum.savedCalls << " cached, which saved " << sum.savedTokens << " tokens";
    if (auto price = priceIn(plan, resource, sum))
      out << (price->whole ? ", " : ", at least ") << llvm::format("%.6f", price->usd) << " USD";
    out << '\n';
  }
  return text;
}

std::string runner::spentText(const PlanView &plan, const std::vector<OpUsage> &usage) {
  uint64_t tokens = 0;
  double usd = 0;
  bool isPriced = false, isWhole = true;
  for (const auto &[resource, sum] : usageByModel(plan, usage)) {
    tokens += sum.prompt.sum + sum.completion.sum;
    const std::optional<TokenPrice> price = priceIn(plan, resource, sum);
    isPriced |= price.has_value();
    isWhole &= price && price->whole;
    usd += price ? price->usd : 0;
  }
  std::string text;
  llvm::raw_string_ostream out(text);
  if (tokens)
    out << ", " << tokens << " tokens";
  if (isPriced)
    out << (isWhole ? ", " : ", at least ") << llvm::format("%.6f", usd) << " USD";
  return text;
}

static void writeUsage(llvm::json::OStream &json, const ModelUsage &usage) {
  for (const RequestCount &row : requestCounts)
    json.attribute(row.key, usage.*row.member);
  for (const TokenRow &row : tokenRows) {
    const TokenCount &count = usage.*row.member;
    if (unreported(count))
      json.attribute(row.key, nullptr);
    else
      json.attribute(row.key, count.sum);
    if (count.unknown)
      json.attribute((row.key + "_unknown").str(), count.unknown);
  }
  if (usage.savedCalls) {
    json.attribute("saved_calls", usage.savedCalls);
    json.attribute("saved_tokens", usage.savedTokens);
  }
}

void runner::writeModelRows(llvm::json::OStream &json, const PlanView &plan,
                            const std::vector<OpUsage> &usage) {
  const ConstantView &c = plan.constants;
  auto ref = [](std::string_view text) { return llvm::StringRef(text.data(), text.size()); };
  json.attributeArray("models", [&] {
    for (const auto &[resource, sum] : usageByModel(plan, usage))
      json.object([&] {
        json.attribute("model", ref(c.text(plan.resources[resource].symbol)));
        writeUsage(json, sum);
        if (auto price = priceIn(plan, resource, sum)) {
          json.attribute("usd", price->usd);
          json.attribute("usd_is_all", price->whole);
        }
      });
  });
  json.attributeArray("model_operations", [&] {
    for (const OpUsage &row : usage)
      json.object([&] {
        const PlanOp &op = plan.ops[row.op];
        json.attribute("operation", ref(rowOf(op.code).name));
        if (op.name)
          json.attribute("result", ref(c.text(op.name)));
        if (op.location != UINT32_MAX)
          json.attribute("line", plan.locations[op.location].line);
        json.attribute("model", ref(c.text(plan.resources[op.target].symbol)));
        writeUsage(json, row.usage);
      });
  });
}
