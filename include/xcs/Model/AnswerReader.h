#pragma once
#include "xcs/Model/Completion.h"
#include "xcs/Model/Sse.h"
#include <memory>

namespace xcs {

class CompletionReader;

/// Reads the answer of a chat endpoint from its bytes, however the network cut them: one JSON text, or a
/// stream of server-sent events. The media type distinguishes them, or else the first bytes. What
/// arrives after the answer is whole does not invalidate it: neither malformed events nor a broken
/// connection. Thread safety: one thread.
class AnswerReader {
public:
  /// `asked`: how many answers were asked for. `keepsExtra`: whether members of messages and calls that
  /// nothing here understands are kept. Limits must outlive the reader.
  AnswerReader(const Limits &limits, int64_t asked, bool keepsExtra = false,
               Logprobs logprobs = Logprobs::None);
  ~AnswerReader();

  /// `isEventStream`: whether its media type says so. `text/event-stream`.
  void feed(std::string_view piece, bool isEventStream = false);

  bool isStream() const { return form == Form::Stream; }
  /// A stream said `[DONE]`: nothing more is awaited.
  bool isDone() const { return done; }
  /// Whether all that was asked for has come, whatever the connection does from here on.
  bool isWhole() const;
  /// Whether a stream has said what is wrong with it: nothing more of it is read.
  bool hasFault() const { return wrong.has_value(); }
  /// Of an answer that is not a stream: its bytes.
  const std::string &body() const { return text; }
  std::string takeBody() { return std::move(text); }

  /// Nothing more will come: what was said. False, with the fault, where it cannot be used. Call it once.
  bool finish(Completion &out, AnswerFault &fault);
  /// After `finish`: whether the model answered, so that tokens were taken, be the answer of use or not.
  bool wasAnswered() const { return answered; }

private:
  enum class Form : uint8_t { Unknown, Body, Stream };

  void event(std::string_view type, std::string_view data);
  void read(std::string_view type, std::string_view data);
  bool finishBody(Completion &out, AnswerFault &fault);
  bool finishStream(Completion &out, AnswerFault &fault);

  const Limits &limits;
  const int64_t asked;
  Form form = Form::Unknown;
  std::string text;  // of a body, or what came before the form was known
  size_t blanks = 0; // at its beginning, for as long as the form is not known
  SseParser parser;
  std::unique_ptr<CompletionReader> reader;
  std::optional<AnswerFault> wrong;
  bool done = false, answered = false;
};

} // namespace xcs
