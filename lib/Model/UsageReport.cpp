#include "xcs/Model/UsageReport.h"
#include <cmath>

using namespace xcs;

static bool isUnreported(const TokenCount &count) { return count.reported == 0 && count.unknown != 0; }

std::optional<TokenPrice> xcs::priceOf(const ConstantView &constants, DictId resource,
                                       const ModelUsage &usage) {
  auto price = [&](Attribute name) -> std::optional<double> {
    AttrId given = constants.find(resource, name);
    if (!given)
      return std::nullopt;
    return constants.attr(given).kind == AttrKind::F64 ? constants.floatAttr(given)
                                                       : static_cast<double>(constants.intAttr(given));
  };
  auto in = price(Attribute::usd_per_mtok_in), out = price(Attribute::usd_per_mtok_out);
  // Embeddings have no answer tokens: the price of prompt tokens is enough.
  if (!in || (!out && usage.completion.sum) || isUnreported(usage.prompt) || isUnreported(usage.completion))
    return std::nullopt;
  const double usd = (static_cast<double>(usage.prompt.sum) * *in +
                      static_cast<double>(usage.completion.sum) * out.value_or(0)) /
                     1e6;
  return TokenPrice{usd, !usage.prompt.unknown && !usage.completion.unknown && !usage.abandoned};
}

Value xcs::usageRecord(const ConstantView &constants, DictId resource, const ModelUsage &usage) {
  auto known = [&](const TokenCount &count) {
    const bool isSure = usage.abandoned == 0 && count.unknown == 0 && count.sum <= INT64_MAX;
    return isSure ? Value::some(Value::i64(static_cast<int64_t>(count.sum))) : Value::optionNone();
  };
  const std::optional<TokenPrice> price = priceOf(constants, resource, usage);
  // No price of a sum that is not told.
  const bool isPriced = price && price->whole && std::isfinite(price->usd) && usage.prompt.sum <= INT64_MAX &&
                        usage.completion.sum <= INT64_MAX;
  Value fields[] = {known(usage.prompt), known(usage.completion), known(usage.cached), known(usage.reasoning),
                    isPriced ? Value::some(Value::f64(price->usd)) : Value::optionNone()};
  return Value::record(fields);
}
