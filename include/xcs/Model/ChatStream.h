#pragma once
#include "xcs/Model/Completion.h"
#include "xcs/Model/Sse.h"

namespace xcs {

/// Assembles a completion from the events of a stream: texts and tool calls from their deltas, usage from the
/// last event. Thread safety: one thread.
class ChatStream {
public:
  explicit ChatStream(const Limits &limits);

  void feed(std::string_view piece) { parser.feed(piece); }

  /// `[DONE]` was received: nothing more is expected.
  bool isDone() const { return done; }
  /// Whether the stream had any event.
  bool hasEvents() const { return anyEvents; }
  /// What was wrong with the stream: an event that is not JSON, or an error from the server. None if nothing
  /// was.
  const std::optional<ErrorReport> &problem() const { return wrong; }
  /// What has arrived so far.
  Completion &completion() { return whole; }

private:
  void event(std::string_view type, std::string_view data);
  void addChoice(const Value &delta);
  void addCalls(const Value *calls, ChatChoice &choice);
  /// The element with that index, created if it is new. Null, with `wrong` set, if the index is unreasonable.
  template <class T> T *at(std::vector<T> &list, const Value *index);

  const Limits &limits;
  SseParser parser;
  Completion whole;
  std::optional<ErrorReport> wrong;
  bool done = false, anyEvents = false;
};

} // namespace xcs
