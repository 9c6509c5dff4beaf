#pragma once
#include "xcs/Model/Quirks.h"
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
  bool encodingFormat = true; // `encoding_format` of embeddings; what comes is read in either form
  bool streamUsage = true;    // `stream_options.include_usage`
};

/// `resource`: the attributes of the model. `host`: the host of the endpoint, which decides what `auto` means
/// for `max_completion_tokens`.
Capabilities capabilitiesOf(const ConstantView &constants, DictId resource, std::string_view host);

/// Why an answer ended, by the word that the endpoint says: one that `finish_reasons` of the model's
/// capabilities explains, or one of the table (Quirks.def); none for any other.
std::optional<Finish> finishOf(const ConstantView &constants, DictId resource, std::string_view word);

} // namespace xcs
