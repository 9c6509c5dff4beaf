#pragma once
#include "Runtime/WorldOp.h"

namespace xcs {

/// The JSON body of a chat completion request: the resource's model, the messages, and the attributes that
/// were given.
std::string chatRequestBody(const PlanView &plan, const PlanOp &op, std::string_view prompt,
                            std::string_view system);

/// What a chat completion answered.
struct ChatAnswer {
  std::string content;
  Diag problem = Diag::ModelAnswer; // when `ok` is false
  std::string first, second;        // the problem's arguments
  bool ok = false;
};

/// Reads the body of a 200 response: `finish_reason` first, then the content; adds the usage it reports.
ChatAnswer readChatResponse(std::string_view body, const Limits &limits, std::string_view resource,
                            ModelUsage &usage);

/// The message of an error response, for people: the server's own when it sent one.
std::string errorMessageOf(const std::string &body, const Limits &limits);

} // namespace xcs
