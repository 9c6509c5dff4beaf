#pragma once
#include "xcs/Ops/Kernel.h"
#include <string>

namespace xcs {

/// The JSON Schema (2020-12) of what `json.cast` reads as a value of type `type`, on one line: what a model
/// or an endpoint is told, so that its answer fits. It is strict: a record is an object of exactly its
/// fields, all of them required, options too (their value or null), and a result is one of two such objects.
/// `bytes` is a string that says base64, `duration` one with a pattern, `json` the schema `{}` that takes
/// anything. Only keywords that endpoints with structured outputs know; some of those want an object at the
/// top and refuse `{}`. False, with the error, for a secret, and where the text would exceed
/// Limit::ValueBytes or nest deeper than Limit::JsonDepth.
bool jsonSchemaOf(const ConstantView &view, TypeId type, const Limits &limits, std::string &out,
                  OpError &error);

} // namespace xcs
