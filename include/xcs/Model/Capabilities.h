#pragma once
#include "xcs/Ops/ConstantPool.h"

namespace xcs {

/// What the endpoint of a model supports: `capabilities = {n = "off", ...}` of its resource, with `auto`
/// resolved.
struct Capabilities {
  bool maxCompletionTokens = false; // the name of the bound on an answer; else it is `max_tokens`
  bool n = true;                    // several answers per request
  bool isCountSure = false;         // `n = "on"`: fewer answers than requested are an error
  bool seed = true;
  bool jsonSchema = true; // `response_format` of type `json_schema`
  bool tools = true;
  bool streamUsage = true; // `stream_options.include_usage`
};

/// `resource`: the attributes of the model. `host`: the host of the endpoint, which decides what `auto` means
/// for `max_completion_tokens`.
Capabilities capabilitiesOf(const ConstantView &constants, DictId resource, std::string_view host);

} // namespace xcs
