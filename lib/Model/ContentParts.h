#pragma once
#include "Model/RestMembers.h"

namespace xcs {

/// The parts of a content that are not text: thoughts, sounds, references. They ride along as RestMembers do,
/// for endpoints that want them back with the next request. In a stream a part continues the one before it
/// where both have the same `index`, or where both are thoughts and no text came between them. Thread safety:
/// one thread.
class ContentParts {
public:
  /// What follows is another piece: it may continue parts of those before it, and none of its own.
  void beginPiece() { before = parts.size(); }
  /// `isThought`: of a type that is sent in pieces. False with the fault when something in it cannot be read,
  /// or when there are too many.
  bool add(const RawObject &part, std::string_view type, bool isThought, const std::string &at,
           AnswerFault &fault);
  /// Text has come after the last part.
  void endRun() { goesOn = false; }
  /// Takes the parts of another in place of these, if it has some.
  void replaceBy(ContentParts other);
  bool isEmpty() const { return parts.empty(); }
  /// What has come, as a JSON array of objects. False with the fault: a text is not UTF-8, or a limit.
  bool take(const Limits &limits, Value &out, AnswerFault &fault);

private:
  struct Part {
    std::string type;
    std::optional<int64_t> index;
    RestMembers members;
  };
  Part *continued(std::string_view type, std::optional<int64_t> index, bool isThought);

  std::vector<Part> parts;
  size_t before = 0; // how many there were before this piece
  bool goesOn = false;
};

} // namespace xcs
