#pragma once
#include "Model/RawJson.h"
#include "xcs/Model/Completion.h"
#include "xcs/Support/Limits.h"
#include <map>

namespace xcs {

/// A JSON value that is put together from pieces, by the rule of RestMembers. Each piece is read once, from
/// its first byte to its last, and nothing recurses. Thread safety: one thread.
class MergedJson {
public:
  /// Limits must outlive it. `joinsTexts`: RestMembers::Texts.
  explicit MergedJson(const Limits &limits, bool joinsTexts = false)
      : limits(limits), joinsTexts(joinsTexts) {}

  /// A piece: one JSON value without blanks around it. False when it is not JSON; then the whole is none.
  bool add(std::string_view piece);
  /// The whole of it. False with the fault: a text is not UTF-8, or a limit is exceeded.
  bool take(Value &out, AnswerFault &fault);

private:
  struct Node {
    RawJson::Kind kind = RawJson::Kind::Absent;
    uint32_t parent = 0, slot = 0; // the array or object that it is in, and its place there
    uint32_t depth = 0;            // how many arrays and objects it is in
    uint32_t piece = 0;            // the last piece that says something of it
    std::string key;               // of a member
    std::string text;              // of a String: its content so far
    Value scalar;                  // of a Null, Bool, Number
    std::vector<uint32_t> parts;   // members or items
  };
  enum class Next : uint8_t { FirstPart, Comma, Part };
  /// An array or object whose text is being read.
  struct Open {
    uint32_t node;
    Next next;
  };

  bool begin(uint32_t node, std::string_view rest, size_t &at);
  bool step(std::string_view piece, size_t &at);
  bool readKey(std::string_view piece, size_t &at, std::string &key);
  bool put(uint32_t node, const RawJson &scalar);
  uint32_t continued(uint32_t node, RawJson::Kind kind);
  bool isTextItem(uint32_t node) const;
  uint32_t partOf(uint32_t parent, std::string key, std::string_view place);
  uint32_t addNode(uint32_t parent, std::string key);
  Value valueOf(Node &node, std::vector<Value> &values);

  const Limits &limits;
  const bool joinsTexts;
  std::vector<Node> nodes; // the first is the whole; each comes after the one that contains it
  std::vector<Open> open;  // outermost first
  std::map<std::pair<uint32_t, std::string>, uint32_t> places; // of members by key, of items by `index`
  uint32_t pieces = 0, deepest = 0;
  uint64_t bytes = 0;
};

} // namespace xcs
