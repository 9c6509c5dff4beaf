#pragma once
#include "Model/RawJson.h"
#include "Model/RestMembers.h"
#include "xcs/Model/Completion.h"

namespace xcs {

/// Puts the calls of tools of one answer together. Pieces belong to a call by its id; else by its index; else
/// they continue the last one. A new id begins a new call, and so does a name when the call before has all of
/// its arguments, whatever the index says: there are endpoints that give all calls the same, or none.
class CallReader {
public:
  /// `tool_calls` of a message or of a delta; `keepsExtra`: with the members that nothing here understands.
  /// False with the fault when something in it cannot be read.
  bool add(const RawJson &calls, const std::string &at, bool arePieces, bool keepsExtra, AnswerFault &fault);
  /// `function_call`, which came before tools: one call, without an id.
  bool addLegacy(const RawJson &call, const std::string &at, bool keepsExtra, AnswerFault &fault);

  bool empty() const { return open.empty(); }
  /// The bytes of all that the calls say.
  size_t byteSize() const;
  /// The calls. False with the fault when a member that nothing here understands cannot be kept.
  bool take(const Limits &limits, std::vector<ToolCallText> &out, AnswerFault &fault);

private:
  /// Follows arguments piece by piece, so that nothing is read again for each of them.
  class Nesting {
  public:
    void add(std::string_view piece);
    /// Whether they are more or other than a string or something in brackets: a number, `true`, `null`.
    bool isWord() const { return hasWord; }
    /// Whether the string or the bracket that they begin with is closed, and is all there is.
    bool isClosed() const { return isOver && !hasMore; }

  private:
    size_t depth = 0;
    bool isInString = false, isEscaped = false;
    bool isOver = false, hasMore = false, hasWord = false;
  };
  struct OpenCall {
    ToolCallText said;
    std::optional<int64_t> index; // as it was sent
    bool isLegacy = false;
    bool isNamedAgain = false; // without arguments, when all of its own were there: more make another call
    Nesting nesting = {};      // of its arguments
    bool keepsExtra = false;
    RestMembers rest = {}, restOfFunction = {};
    bool hasAllArguments() const;
    bool addRest(const RawJson &item, bool isPiece, const std::string &at, AnswerFault &fault);
    bool takeRest(const Limits &limits, AnswerFault &fault);
  };
  /// What one item of a list says.
  struct Piece {
    ToolCallText said;
    std::optional<int64_t> index;
  };

  static bool beginsAnother(const OpenCall &before, const ToolCallText &piece);
  OpenCall &begin(ToolCallText said, std::optional<int64_t> index);
  bool readPiece(const RawJson &item, const std::string &at, Piece &out, AnswerFault &fault);
  OpenCall &addPiece(Piece piece, size_t place, size_t count, size_t firstOfList);
  OpenCall *callOf(const Piece &piece, size_t place, size_t count, size_t firstOfList);
  OpenCall *callById(const Piece &piece);
  OpenCall *callByName(const Piece &piece, size_t firstOfList);
  OpenCall *callByPlace(const Piece &piece, size_t place, size_t count);
  OpenCall *byId(std::string_view id);
  OpenCall *byIndex(std::optional<int64_t> index);

  std::vector<OpenCall> open;
};

} // namespace xcs
