#pragma once
#include "RuleBook.h"

namespace xcs::faults {

/// What the names in a script's texts stand for, for one request.
struct TemplateContext {
  const Arrival &arrival;
  /// Which match of its rule this request is.
  std::uint64_t match;
  /// The member of the body that its rule has found by `beyond`.
  const std::string &beyond;
  const std::string &url;
  BodyReader &reader;
};

/// Fills in `{n}`, `{draw}`, `{match}`, `{beyond}`, `{method}`, `{path}`, `{last}`, `{model}`, `{url}`,
/// `{date+SECONDS}`,
/// `{json:/pointer}`, `{header:Name}` and `{query:name}`. Any other text in braces stays as it is, so JSON
/// can be a template; a known name without a value becomes the empty text. With `insideJson` the values are
/// escaped for a JSON string.
std::string expandTemplate(std::string_view text, const TemplateContext &context, bool insideJson);

} // namespace xcs::faults
