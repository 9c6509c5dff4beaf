#pragma once
#include "xcs/Ops/Kernel.h"
#include <memory>
#include <string>
#include <string_view>

namespace xcs {

/// What is known of a write, from when it is asked for until it has ended. It only ever becomes more, also
/// over several attempts. Every failure of a write passes by here: no check of what came back can say, or be
/// taken to say, that nothing has happened.
class WriteFate {
public:
  /// A part of it may have happened, or happened again after an answer. `what` names it in messages: "the
  /// request to `u`".
  void mayHaveHappened(std::string_view what);
  /// It was carried out, or refused, by the receiver. `how` ends the sentence that `what` begins:
  /// "was answered with status 200". `isRefusal`: the answer says that it was not carried out.
  void answered(std::string_view what, std::string_view how, bool isRefusal = false);

  bool isUntouched() const { return known == Known::Nothing; }
  bool isCarriedOut() const { return known == Known::Answer && !wasRefused; }

  /// What `found`, the error of a later check, means for the write. Where that may be repeated, it is still
  /// that error, and tells what is known; else it is of the class Unknown, which nothing catches. `why`:
  /// `found` in short.
  OpError judge(OpError found, std::string_view why, bool mayBeRepeated) const;

private:
  enum class Known : uint8_t { Nothing, Begun, Answer } known = Known::Nothing;
  struct Words {
    std::string what, how;
  };
  Words &words();
  std::unique_ptr<Words> said; // null: nothing was, as of most operations
  bool hasBegunAgain = false;  // after the answer
  bool wasRefused = false;     // by the answer
};

} // namespace xcs
