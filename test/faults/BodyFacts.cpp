#include "BodyFacts.h"
#include "Text.h"
#include <algorithm>
#include <simdjson.h>

namespace xcs::faults {

namespace dom = simdjson::dom;

// simdjson's DOM parser walks a tape and refuses more than 1,024 levels: hostile nesting costs no stack.
struct BodyReader::State {
  dom::parser parser;
};

BodyReader::BodyReader() : state(std::make_unique<State>()) {}
BodyReader::~BodyReader() = default;

/// A message's content: a text, or a list of parts of which the texts count.
static std::string contentText(dom::element content) {
  std::string_view text;
  if (content.get(text) == simdjson::SUCCESS)
    return std::string(text);
  std::string joined;
  dom::array parts;
  if (content.get(parts) == simdjson::SUCCESS)
    for (dom::element part : parts)
      if (part["text"].get(text) == simdjson::SUCCESS)
        joined += text;
  return joined;
}

static bool isTrue(simdjson::simdjson_result<dom::element> field) {
  bool value = false;
  return field.get(value) == simdjson::SUCCESS && value;
}

/// Counts the words of every role: a system message is paid for too.
static void readMessages(dom::element body, BodyFacts &facts) {
  dom::array messages;
  if (body["messages"].get(messages) != simdjson::SUCCESS)
    return;
  for (dom::element message : messages) {
    dom::element content;
    if (message["content"].get(content) != simdjson::SUCCESS)
      continue;
    std::string text = contentText(content);
    facts.promptWords += countWords(text);
    std::string_view role;
    if (message["role"].get(role) == simdjson::SUCCESS && role == "user")
      facts.lastUser = std::move(text);
  }
}

static void readInputs(dom::element body, BodyFacts &facts) {
  dom::element input;
  if (body["input"].get(input) != simdjson::SUCCESS)
    return;
  std::string_view text;
  dom::array list;
  if (input.get(text) == simdjson::SUCCESS)
    facts.inputs.emplace_back(text);
  else if (input.get(list) == simdjson::SUCCESS)
    for (dom::element item : list)
      if (item.get(text) == simdjson::SUCCESS)
        facts.inputs.emplace_back(text);
  for (const std::string &one : facts.inputs)
    facts.promptWords += countWords(one);
}

BodyFacts BodyReader::facts(std::string_view body) {
  BodyFacts facts;
  dom::element root;
  if (body.empty() || state->parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS ||
      !root.is_object())
    return facts;
  std::string_view model;
  if (root["model"].get(model) == simdjson::SUCCESS)
    facts.model = model;
  // Bounded: a test of absurd values must not make the server answer with gigabytes.
  std::uint64_t number = 0;
  if (root["n"].get(number) == simdjson::SUCCESS)
    facts.choices = std::clamp<std::uint64_t>(number, 1, 128);
  if (root["dimensions"].get(number) == simdjson::SUCCESS)
    facts.dimensions = std::clamp<std::uint64_t>(number, 1, 4096);
  facts.stream = isTrue(root["stream"]);
  facts.includeUsage = isTrue(root["stream_options"]["include_usage"]);
  readMessages(root, facts);
  readInputs(root, facts);
  return facts;
}

std::optional<std::string> BodyReader::at(std::string_view body, std::string_view pointer, Form form) {
  dom::element root, found;
  if (body.empty() || state->parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS ||
      root.at_pointer(pointer).get(found) != simdjson::SUCCESS)
    return std::nullopt;
  std::string_view text;
  if (form == Form::Text && found.get(text) == simdjson::SUCCESS)
    return std::string(text);
  return std::string(simdjson::minify(found));
}

std::optional<std::string> BodyReader::memberBeyond(std::string_view body,
                                                    const std::vector<std::string> &names) {
  dom::element root;
  dom::object members;
  if (body.empty() || state->parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS ||
      root.get(members) != simdjson::SUCCESS)
    return std::nullopt;
  for (const auto &[name, value] : members)
    if (std::find(names.begin(), names.end(), name) == names.end())
      return std::string(name);
  return std::nullopt;
}

} // namespace xcs::faults
