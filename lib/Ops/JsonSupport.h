#pragma once
#include "xcs/Ops/JsonText.h"

// Shared by the files that convert JSON.
namespace xcs {

/// Sets `error` to a row of the table and returns false.
bool failWith(OpError &error, Diag id, std::initializer_list<std::string_view> arguments);
/// Fails because the run was stopped (Limits::isStopped); the message is never shown.
bool failStopped(OpError &error);
bool failWithLimit(OpError &error, const Limits &limits, Limit limit, std::string_view what = {},
                   uint64_t needed = 0);

/// The kind of a JSON value, for messages: `null`, `a bool`, ...
std::string_view jsonKindName(const Value &json);
/// The same with what tells numbers apart: "a number (`1.5`)".
std::string foundJson(const Value &json);

/// Appends a step of a JSON pointer.
void appendPointerKey(std::string &pointer, std::string_view key);
void appendPointerIndex(std::string &pointer, size_t index);
/// "at `/a/0`: what"; "at the top: what" for the empty pointer.
std::string atPointer(std::string_view pointer, std::string_view what);

/// The value of a key of a JSON object; null if there is no such key.
const Value *findKey(const Value &object, std::string_view key);

/// jsonFromValue that allows nan and inf, for texts that people read.
bool lenientJson(const Value &value, const ConstantView &view, TypeId type, const Limits &limits, Value &out,
                 OpError &error);

/// jsonSchemaOf (JsonSchema.h) as a value of type json.
bool schemaValueOf(const ConstantView &view, TypeId type, const Limits &limits, Value &out, OpError &error);

/// Reads a duration in the syntax of a program: `250ms`.
bool parseDuration(std::string_view text, int64_t &nanoseconds);

} // namespace xcs
