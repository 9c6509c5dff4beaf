#pragma once
#include "Model/CallReader.h"
#include "Model/ContentParts.h"
#include "Model/RawJson.h"
#include "Model/RestMembers.h"
#include "Model/TokenLogprobs.h"
#include "xcs/Model/Completion.h"

namespace xcs {

/// The one reader of chat completions: of whole ones, and of streams, which are a whole one in pieces. A
/// piece has `delta` where a whole answer has `message`, and what a piece says is appended. What is there in
/// another form than OpenAI's is read where it can be; else the fault names what came and where. Thread
/// safety: one thread.
class CompletionReader {
public:
  /// `keepsExtra`: whether members of messages and calls that nothing here understands are kept.
  CompletionReader(bool keepsExtra, Logprobs logprobs) : keepsExtra(keepsExtra), logprobs(logprobs) {}

  /// A whole answer. False with the fault when it cannot be used.
  bool addWhole(const RawJson &root, AnswerFault &fault);
  /// An event of a stream; one that has no choices adds nothing but its usage.
  bool addEvent(const RawJson &root, AnswerFault &fault);

  /// Whether so many answers have come and all of them have ended, so that nothing can come that changes
  /// them, as far as their reasons to end can be believed. `isDone`: the stream has said that it is over, so
  /// that an empty reason counts and fewer answers do.
  bool isWhole(int64_t asked, bool isDone) const;
  bool hasChoices() const { return !open.empty(); }
  /// Whether an answer continued after a reason to end.
  bool hasGoneOn() const;
  const ReportedUsage &usage() const { return tokens; }
  /// What has come, finished: texts joined and checked, answers in order.
  bool take(const Limits &limits, Completion &out, AnswerFault &fault);

private:
  struct OpenChoice {
    std::optional<int64_t> index; // as it was sent
    ChatChoice said;
    CallReader calls;
    RestMembers rest;   // of the message
    ContentParts parts; // of its content, that are not text
    TokenLogprobs logprobs;
    /// It continued after a reason to end: there are endpoints that give one in each event. Then nothing but
    /// the end of the stream says that it is over.
    bool wentOn = false;
  };
  enum class Form : uint8_t { Whole, Piece };

  bool add(const RawJson &root, Form form, AnswerFault &fault);
  OpenChoice *choiceOf(std::optional<int64_t> index, size_t place);
  bool addChoice(const RawJson &item, size_t place, Form form, AnswerFault &fault);
  bool addContent(const RawJson &content, const std::string &at, OpenChoice &to, AnswerFault &fault);
  bool addPart(const RawJson &item, const std::string &at, OpenChoice &to, AnswerFault &fault);
  static bool appendContent(const RawJson &text, const std::string &at, OpenChoice &to, AnswerFault &fault);
  bool addMessage(const RawJson &message, const std::string &at, Form form, OpenChoice &to,
                  AnswerFault &fault);
  static bool takeExtra(OpenChoice &choice, const Limits &limits, Value &out, AnswerFault &fault);
  void sortByIndex();

  static void replaceBy(OpenChoice &to, OpenChoice whole);

  const bool keepsExtra;
  const Logprobs logprobs;
  std::vector<OpenChoice> open;
  ReportedUsage tokens;
};

/// The tokens that an answer says it took, for chat and embeddings alike.
void addUsage(const RawJson &root, ReportedUsage &to);

/// "at `/a/0`: what came": the fault of a member that cannot be read. Returns false.
bool failAt(AnswerFault &fault, std::string_view at, std::string_view what);
/// A word of an answer as a message may show it: not too long, and UTF-8 whatever came.
std::string shown(std::string word);
/// The fault of a text that is not JSON value; `subject`: "it", "an event".
AnswerFault notJson(RawJson::Fault how, std::string_view text, std::string_view subject);

/// The fault of a text that is not UTF-8. Returns false.
bool failAsNoUtf8(AnswerFault &fault);
/// The fault of an answer that exceeds a limit; `what`: "the answer of a model". Returns false.
/// `needed`: a limit that would do; 0: it is not known.
bool exceed(AnswerFault &fault, const Limits &limits, Limit limit, std::string_view what,
            uint64_t needed = 0);

/// Whether a text of so many bytes exceeds Limit::JsonBytes; then with the fault.
bool failsWithJsonBytes(size_t bytes, const Limits &limits, AnswerFault &fault);

/// Appends a member that should be text: a string, or the digits of a number. Nothing for one that is absent
/// or null; false, with the fault, for anything else.
bool appendText(const RawJson &member, const std::string &at, std::string &out, AnswerFault &fault);

} // namespace xcs
