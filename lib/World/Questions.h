#pragma once
#include "xcs/Ops/Kernel.h"
#include "xcs/Plan/Plan.h"
#include "xcs/World/People.h"
#include "xcs/World/World.h"

namespace xcs {

// What worlds know of a question before anyone is asked.

/// The question that a request for an `ask.human` asks. From any thread, while it has no outcome.
QuestionText questionOf(const PlanView &plan, const WorldClient &client, const WorldRequest &request);
/// The answer once its time has passed; empty: there is none.
Value defaultAnswer(const PlanView &plan, const WorldRequest &request);

/// Reads an answer. Returns why it is none; empty: `value` has it.
std::string readAnswer(QuestionForm form, std::string_view given, const Limits &limits, Value &value);

/// The failure of a question that no one answers, and that of one whose time has passed.
OpError waitingError(const QuestionText &question);
OpError timeoutError(const QuestionText &question);

} // namespace xcs
