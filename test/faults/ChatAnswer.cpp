#include "ChatAnswer.h"
#include "Text.h"
#include "llvm/Support/xxhash.h"
#include <cmath>
#include <cstdio>

namespace xcs::faults {

/// Answers must not differ from run to run, so `created` is no clock.
static constexpr std::string_view created = "1700000000";

static void appendUsage(std::string &out, std::size_t prompt, std::size_t completion) {
  out += R"({"prompt_tokens":)" + std::to_string(prompt);
  out += R"(,"completion_tokens":)" + std::to_string(completion);
  out += R"(,"total_tokens":)" + std::to_string(prompt + completion) + "}";
}

/// `,"usage":{..}`, or nothing where the style leaves it out.
static void appendUsageField(std::string &out, const Arrival &arrival, const std::vector<std::string> &texts,
                             const ChatStyle &style) {
  if (style.usage && style.usage->empty())
    return;
  out += R"(,"usage":)";
  if (style.usage) {
    out += *style.usage;
    return;
  }
  std::size_t words = 0;
  for (const std::string &text : texts)
    words += countWords(text);
  appendUsage(out, arrival.facts.promptWords, words);
}

/// The fields that open every object of the chat API, from `id` to `model`.
static void appendHead(std::string &out, std::string_view object, const Arrival &arrival,
                       const ChatStyle &style) {
  out += R"({"id":"chatcmpl-)" + std::to_string(arrival.ordinal) + R"(","object":")";
  out += object;
  out += R"(","created":)";
  out += created;
  out += R"(,"model":)";
  appendJsonString(out, style.model.value_or(arrival.facts.model));
}

static void appendFinish(std::string &out, const ChatStyle &style) {
  out += R"("finish_reason":)";
  if (style.finishReason.empty())
    out += "null";
  else
    appendJsonString(out, style.finishReason);
}

std::string chatCompletion(const Arrival &arrival, const std::vector<std::string> &texts, bool messages,
                           const ChatStyle &style) {
  std::string out;
  appendHead(out, "chat.completion", arrival, style);
  out += R"(,"choices":[)";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out += (i ? "," : "") + (R"({"index":)" + std::to_string(i)) + R"(,"message":)";
    if (messages) {
      out += texts[i];
    } else {
      out += R"({"role":"assistant","content":)";
      appendJsonString(out, texts[i]);
      out += "}";
    }
    out += ",";
    appendFinish(out, style);
    out += "}";
  }
  out += "]";
  appendUsageField(out, arrival, texts, style);
  return out + "}";
}

/// One event with one choice. `delta` is the choice's JSON; an empty one gives an event without choices.
static std::string chunk(const Arrival &arrival, const ChatStyle &style, std::string_view choice) {
  std::string out = "data: ";
  appendHead(out, "chat.completion.chunk", arrival, style);
  out += R"(,"choices":[)";
  out += choice;
  return out + "]";
}

std::vector<StreamPiece> chatStream(const Arrival &arrival, const std::vector<std::string> &texts,
                                    const ChatStyle &style, std::uint64_t delayNs) {
  std::vector<StreamPiece> pieces;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string open = R"({"index":)" + std::to_string(i) + R"(,"delta":{)";
    const std::string &text = texts[i];
    // A word goes with the blank behind it: the deltas joined are the text again.
    for (std::size_t done = 0; done < text.size();) {
      const std::size_t blank = text.find(' ', done);
      const std::size_t end = blank == std::string::npos ? text.size() : blank + 1;
      std::string choice = open + (done ? "" : R"("role":"assistant",)") + R"("content":)";
      appendJsonString(choice, std::string_view(text).substr(done, end - done));
      choice += R"(},"finish_reason":null})";
      pieces.push_back({pieces.empty() ? 0 : delayNs, chunk(arrival, style, choice) + "}\n\n"});
      done = end;
    }
    std::string last = open + "},";
    appendFinish(last, style);
    pieces.push_back({0, chunk(arrival, style, last + "}") + "}\n\n"});
  }
  if (arrival.facts.includeUsage) {
    std::string event = chunk(arrival, style, "");
    appendUsageField(event, arrival, texts, style);
    pieces.push_back({0, event + "}\n\n"});
  }
  pieces.push_back({0, "data: [DONE]\n\n"});
  return pieces;
}

/// Feature hashing (Weinberger et al., 2009): each word adds or takes 1 at the places its hash says.
static std::vector<double> embed(std::string_view text, std::size_t dimensions) {
  std::vector<double> vector(dimensions);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n\t.,;:!?", begin), text.size());
    const llvm::StringRef word(text.data() + begin, end - begin);
    const std::uint64_t hash = llvm::xxh3_64bits(word.lower());
    // Four places a word: two different words rarely share all of them.
    for (unsigned i = 0; i < 4 && !word.empty(); ++i) {
      const std::uint64_t bits = hash >> (16 * i);
      vector[(bits & 0x7fff) % dimensions] += bits & 0x8000 ? 1 : -1;
    }
    begin = end + 1;
  }
  double square = 0;
  for (double v : vector)
    square += v * v;
  if (square == 0)
    vector[0] = square = 1;
  for (double &v : vector)
    v /= std::sqrt(square);
  return vector;
}

std::string embeddings(const Arrival &arrival, const ChatStyle &style) {
  const BodyFacts &facts = arrival.facts;
  std::string out = R"({"object":"list","data":[)";
  for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
    out += (i ? "," : "") + (R"({"object":"embedding","index":)" + std::to_string(i)) + R"(,"embedding":[)";
    const char *comma = "";
    for (double v : embed(facts.inputs[i], facts.dimensions.value_or(16))) {
      char number[32];
      std::snprintf(number, sizeof number, "%s%.6f", comma, v);
      out += number;
      comma = ",";
    }
    out += "]}";
  }
  out += R"(],"model":)";
  appendJsonString(out, style.model.value_or(facts.model));
  if (style.usage && !style.usage->empty())
    out += R"(,"usage":)" + *style.usage;
  else if (!style.usage)
    out += R"(,"usage":{"prompt_tokens":)" + std::to_string(facts.promptWords) + R"(,"total_tokens":)" +
           std::to_string(facts.promptWords) + "}";
  return out + "}";
}

} // namespace xcs::faults
