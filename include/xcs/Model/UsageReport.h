#pragma once
#include "xcs/Model/Usage.h"
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/Value.h"
#include <optional>

namespace xcs {

/// A price of tokens; `whole` is false if some requests that may have been paid for did not report their
/// usage.
struct TokenPrice {
  double usd;
  bool whole;
};

/// By the prices of a model, in USD per million tokens; none if one of them is missing, or no answer reported
/// its usage. `resource`: the attributes of the model.
std::optional<TokenPrice> priceOf(const ConstantView &constants, DictId resource, const ModelUsage &usage);

/// The usage of one call as `model.chat {usage}` returns it: sums over all its requests. A sum of which a
/// part is not known is none.
Value usageRecord(const ConstantView &constants, DictId resource, const ModelUsage &usage);

} // namespace xcs
