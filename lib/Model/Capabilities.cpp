#include "xcs/Model/Capabilities.h"

using namespace xcs;

/// OpenAI dropped `max_tokens` for its newer models; most compatible endpoints know no other name
/// (https://platform.openai.com/docs/api-reference/chat/create).
static bool isOpenAi(std::string_view host) { return host == "api.openai.com"; }

Capabilities xcs::capabilitiesOf(const ConstantView &c, DictId resource, std::string_view host) {
  Capabilities out;
  out.maxCompletionTokens = isOpenAi(host);
  AttrId given = c.find(resource, Attribute::capabilities);
  if (!given)
    return out;
  DictId dict(static_cast<uint32_t>(c.attr(given).payload));
  auto read = [&](std::string_view name, bool &to) {
    AttrId word = c.find(dict, name);
    if (word && c.textAttr(word) != "auto")
      to = c.textAttr(word) == "on";
    return word && c.textAttr(word) == "on";
  };
  read("max_completion_tokens", out.maxCompletionTokens);
  out.isCountSure = read("n", out.n);
  read("seed", out.seed);
  read("json_schema", out.jsonSchema);
  read("tools", out.tools);
  read("stream_usage", out.streamUsage);
  return out;
}
