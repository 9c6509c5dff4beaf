#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs::faults {

/// What an OpenAI-compatible request's body says, as far as an answer depends on it. A body that is no JSON
/// gives the empty facts.
struct BodyFacts {
  std::string model;
  /// The text of the last message with the role `user`; text parts of a part list are joined.
  std::string lastUser;
  /// Words of all messages, or of all inputs of an embedding.
  std::size_t promptWords = 0;
  /// `n`: how many choices are asked for.
  std::size_t choices = 1;
  bool stream = false;
  bool includeUsage = false;
  /// The texts to embed; `input` may be one text or a list.
  std::vector<std::string> inputs;
  std::optional<std::size_t> dimensions;
};

/// Reads JSON bodies. Thread safety: none; it keeps its buffers from one body to the next.
class BodyReader {
public:
  BodyReader();
  ~BodyReader();

  BodyFacts facts(std::string_view body);

  enum class Form { Text, Json };
  /// The value at a JSON pointer (RFC 6901). As `Text` a string stands without quotes, everything else, and
  /// all of `Json`, as compact JSON. Nothing where the body is no JSON or has no such place.
  std::optional<std::string> at(std::string_view body, std::string_view pointer, Form form);
  /// The first member of the body's object whose name is not one of these.
  std::optional<std::string> memberBeyond(std::string_view body, const std::vector<std::string> &names);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace xcs::faults
