#pragma once
#include "xcs/Model/ErrorReport.h"
#include "xcs/Model/Usage.h"
#include "xcs/Ops/Kernel.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// What is read of the likelihoods of tokens: nothing; those of the answer; with each token those that could
/// have stood in its place.
enum class Logprobs : uint8_t { None, Tokens, Alternatives };

/// A tool call as the model wrote it: `arguments` should be JSON but may be anything.
struct ToolCallText {
  std::string id, name, arguments;
  /// The members that nothing here understands, as a JSON object, those of its function under `function`;
  /// Empty where they are not kept.
  Value extra = {};
};

/// One answer, put together from a whole response or from the pieces of a stream, not yet judged. Its texts
/// are UTF-8.
struct ChatChoice {
  std::string content, refusal;
  std::string finish;      // `finish_reason`
  bool hasFinish = false;  // there was one, be it empty
  bool hasContent = false; // there was text, be it empty
  std::vector<ToolCallText> calls;
  /// What there is in place of a text: "a part of type `audio`", "`reasoning_content`".
  std::string besides;
  /// The members of its message that nothing here understands, as a JSON object; Empty where they are not
  /// kept.
  Value extra;
  /// Its tokens with the logarithms of their likelihoods, as a list of records; Empty where the answer has
  /// none, or they are not read.
  Value logprobs;
  /// What the server says of an answer that it broke off (`error` beside the message).
  std::optional<ErrorReport> error;
};

/// Token counts as an answer reports them; none where it does not say, or says something that is not a count.
struct ReportedUsage {
  std::optional<uint64_t> prompt, completion, cached, reasoning;
};

/// The content of a chat completion.
struct Completion {
  std::vector<ChatChoice> choices; // by index
  ReportedUsage usage;
};

/// Why an answer cannot be used.
struct AnswerFault {
  enum class Kind : uint8_t {
    Wrong,     // asking again would bring the same
    Transient, // it was cut off, or empty: asking again may help
    Reported,  // it is an error in the server's words
    Limit,
  } kind = Kind::Wrong;
  std::string what;   // Wrong, Transient: for people, without a subject before it
  ErrorReport report; // Reported
  OpError limit;      // Limit: finished
};

/// Counts an answer with its usage.
void countAnswer(ModelUsage &to, const ReportedUsage &reported);

/// Whether a text is one JSON value, from its first byte to its last; what is within it is not looked at.
bool isWholeJson(std::string_view text);
/// Whether a text is JSON with a list at a pointer that is not empty.
bool hasItems(std::string_view text, std::string_view pointer);

} // namespace xcs
