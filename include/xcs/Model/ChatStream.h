#pragma once
#include "xcs/Model/Completion.h"
#include "xcs/Model/Sse.h"

namespace xcs {

/// Puts a completion together from the events of a stream: texts and calls of tools from their deltas, usage
/// from the last event. Thread safety: one thread.
class ChatStream {
public:
  explicit ChatStream(const Limits &limits);

  void feed(std::string_view piece) { parser.feed(piece); }

  /// `[DONE]` was seen: nothing more is awaited.
  bool isDone() const { return done; }
  /// Whether the stream said anything.
  bool hasEvents() const { return anyEvents; }
  /// What was wrong with it: an event that was no JSON, or an error the server sent; none when nothing was.
  const std::optional<ErrorReport> &problem() const { return wrong; }
  /// What has come so far.
  Completion &completion() { return whole; }

private:
  void event(std::string_view type, std::string_view data);
  void addChoice(const Value &delta);
  void addCalls(const Value *calls, ChatChoice &choice);
  /// The element of that index, made when it is the first of it; null, with `wrong` set, when it is absurd.
  template <class T> T *at(std::vector<T> &list, const Value *index);

  const Limits &limits;
  SseParser parser;
  Completion whole;
  std::optional<ErrorReport> wrong;
  bool done = false, anyEvents = false;
};

} // namespace xcs
