#pragma once
#include "Model/RawJson.h"
#include "xcs/Model/Completion.h"
#include <initializer_list>

namespace xcs {

/// The members of a message or of a call that nothing here understands. They ride along as JSON, and go back
/// to the endpoint with the next request: some want a signature or the thoughts of their model again.
///
/// The pieces of a stream are put together so: texts are appended, but those of XCS_KEPT (Quirks.def);
/// objects member by member; lists one after the other, but items with an `index` that an earlier item of
/// the same list has continue that item. Of anything else, and where the two are of different kinds, the
/// later counts. What is null or no JSON at all is left out; of a key that occurs twice the last counts.
/// Thread safety: one thread.
class RestMembers {
public:
  using Names = std::initializer_list<std::string_view>;
  /// Of lists, the items `{"type": "text", ..}`: Joined when one piece ends with one and the next begins with
  /// one.
  enum class Texts : uint8_t { Apart, Joined };
  RestMembers() = default;
  explicit RestMembers(Texts texts) : texts(texts) {}
  /// Takes the members of an object but those of the names given, which are understood. `arePieces`: they
  /// continue what has come; else they take its place. False with the fault when something cannot be read.
  bool add(const RawObject &object, Names understood, bool arePieces, const std::string &at,
           AnswerFault &fault);
  /// Takes all members of another, in place of those with the same names.
  void replaceBy(RestMembers other);
  bool isEmpty() const { return members.empty(); }
  /// What has come, as a JSON object, whose texts are UTF-8. False with the fault: a text is not, or a limit.
  bool take(const Limits &limits, Value &out, AnswerFault &fault);

private:
  struct Member {
    std::string key;
    RawJson::Kind kind;
    std::string text;                // of a String: its content so far
    std::vector<std::string> pieces; // of anything else: as they are written
  };
  Member *find(std::string_view key);
  bool addMember(std::string_view key, const RawJson &value, bool isPiece, const std::string &at,
                 AnswerFault &fault);

  std::vector<Member> members;
  Texts texts = Texts::Apart;
};

} // namespace xcs
