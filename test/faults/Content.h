#pragma once
#include "Answer.h"

namespace xcs::faults {

/// An answer's body before it is framed as HTTP.
struct Content {
  std::string type = "text/plain; charset=utf-8";
  /// One piece, or several with waits between them.
  std::vector<StreamPiece> pieces;
  /// The pieces are a stream: sent chunked, with no length known beforehand.
  bool stream = false;
};

/// What is said without a script: chat completions, embeddings, an error object for a status from 400, a line
/// with the path for GET, the request's own body for any other method. `reply` may set parts of it.
Content usualContent(const Arrival &arrival, const Reply &reply, const AnswerDefaults &defaults);

/// A chat completion saying `text`, as one object or, where the request asks for it, as a stream.
Content chatContent(const Arrival &arrival, const Reply &reply, const std::vector<std::string> &texts);

/// `text` in the gzip format (RFC 1952).
std::string gzip(std::string_view text);

} // namespace xcs::faults
