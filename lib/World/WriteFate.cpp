#include "World/WriteFate.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

WriteFate::Words &WriteFate::words() {
  if (!said)
    said = std::make_unique<Words>();
  return *said;
}

void WriteFate::mayHaveHappened(std::string_view name) {
  hasBegunAgain = known == Known::Answer;
  if (known != Known::Nothing)
    return;
  known = Known::Begun;
  words().what = readableText(name);
}

void WriteFate::answered(std::string_view name, std::string_view sentence, bool isRefusal) {
  known = Known::Answer;
  hasBegunAgain = false;
  words() = {readableText(name), std::string(sentence)};
  wasRefused = isRefusal;
}

OpError WriteFate::judge(OpError found, std::string_view why, bool mayBeRepeated) const {
  if (rowOf(found.id).failure == FailureClass::Unknown)
    return found; // it says so already
  switch (known) {
  case Known::Nothing:
    return found;
  case Known::Begun:
    if (mayBeRepeated) {
      found.message += " (" + said->what + " may have taken effect)";
    } else {
      std::string_view arguments[] = {said->what, why};
      found = {Diag::OutcomeUnknown, formatMessage(rowOf(Diag::OutcomeUnknown).text, arguments),
               found.attempt};
    }
    return found;
  case Known::Answer:
    if (mayBeRepeated) {
      found.message += " (" + said->what + " " + said->how +
                       (hasBegunAgain ? "; a later attempt may have taken effect)" : ")");
    } else {
      std::string_view arguments[] = {said->what, said->how, why};
      found = {Diag::UnusableAnswer, formatMessage(rowOf(Diag::UnusableAnswer).text, arguments),
               found.attempt};
    }
    return found;
  }
  return found;
}
