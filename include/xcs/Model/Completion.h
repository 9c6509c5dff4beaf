#pragma once
#include "xcs/Model/Usage.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Limits.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// A tool call as the model wrote it: `arguments` should be JSON but may be anything.
struct ToolCallText {
  std::string id, name, arguments;
};

/// One answer, assembled from a response or from the pieces of a stream, and not checked yet.
struct ChatChoice {
  std::string content, refusal;
  std::string finish; // `finish_reason`; empty when there was none
  bool hasContent = false;
  std::vector<ToolCallText> calls;
};

/// Token counts as an answer reports them; none if it does not report one.
struct ReportedUsage {
  std::optional<uint64_t> prompt, completion, cached, reasoning;
};

/// The content of a chat completion.
struct Completion {
  std::vector<ChatChoice> choices; // by index
  ReportedUsage usage;
};

/// Reads the JSON of a whole completion. False, with a readable reason, if it is not one. Unknown members are
/// ignored.
bool readCompletion(const Value &root, Completion &out, std::string &why);

/// Reads `usage` of an answer, for chat and embeddings alike; missing counts stay none.
ReportedUsage reportedUsage(const Value &root);
/// The beginning of a long text from a server, for messages; never cut within a character.
std::string shortened(std::string_view text);
/// Counts an answer with its usage.
void countAnswer(ModelUsage &to, const ReportedUsage &reported);

/// The member `key` of a JSON object; null if it is not an object or has no such member.
const Value *member(const Value *object, std::string_view key);
/// The text of a JSON string; empty for anything else.
std::string_view textOf(const Value *value);

/// What an error object (`{"error": {"message": .., "code": ..}}`) says: the server's own words, and whether
/// the quota is used up, so that a retry would not help.
struct ErrorReport {
  std::string message;
  bool isQuota = false;
};
ErrorReport errorReportOf(const Value &root);
/// The same for a body that may not be JSON.
ErrorReport errorReportOf(std::string_view body, const Limits &limits);

} // namespace xcs
