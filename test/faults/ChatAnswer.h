#pragma once
#include "RuleBook.h"

namespace xcs::faults {

/// What a script may set of an OpenAI-compatible answer; the rest follows from the request.
struct ChatStyle {
  /// Empty: null.
  std::string finishReason = "stop";
  /// Compact JSON; the empty text leaves the field out; nothing: counted in words.
  std::optional<std::string> usage;
  /// Nothing: the request's.
  std::optional<std::string> model;
};

/// A `chat.completion` object with one choice a text; with `messages` the texts are whole message objects
/// (JSON).
std::string chatCompletion(const Arrival &arrival, const std::vector<std::string> &texts, bool messages,
                           const ChatStyle &style);

/// The same texts as `chat.completion.chunk` events, a word each and `delayNs` between words, then the finish
/// reason, the usage where the request asks for it, and `[DONE]`.
std::vector<StreamPiece> chatStream(const Arrival &arrival, const std::vector<std::string> &texts,
                                    const ChatStyle &style, std::uint64_t delayNs);

/// An `/embeddings` answer: each input's words hashed into a vector of length 1. Equal texts give equal
/// vectors, texts that share words near ones, so that a search over them is meaningful.
std::string embeddings(const Arrival &arrival, const ChatStyle &style);

} // namespace xcs::faults
