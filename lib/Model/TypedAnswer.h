#pragma once
#include "xcs/Model/ChatCall.h"

namespace xcs {

/// The value of the type that was asked for in what a model said: all of it is JSON, or it has a fence around
/// it, or is among other text, after thoughts (`<think>..</think>`). It is taken where exactly one value
/// that is there fits; in prose an object alone is looked for, as the schema asks for one. False with the
/// error when there is none, or when there are several.
bool typedValueIn(const ChatCall &call, std::string_view text, Value &out, OpError &error);

} // namespace xcs
