#pragma once
#include "xcs/Ops/Kernel.h"
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace xcs {

// The JSON border: text, values of type `json`, and values of any other type. Nothing here recurses; depth,
// text and value sizes are bounded by Limit::JsonDepth, JsonBytes and ValueBytes.
//
// How a typed value looks as JSON: bool, i64, f64, str and json as themselves; none as null; list as array;
// record as an object of all its fields; option as its value or null; result as {"ok": value} or {"error":
// {kind, message, op, attempt}}; bytes as base64; duration as it is written in a program ("250ms"). nan, inf
// and secrets have no JSON form. Read backwards, a key that is no field is an error, a missing field of type
// option is none, an f64 takes whole numbers and an i64 takes floats that are whole.

/// Reads the JSON value (RFC 8259) that the whole text is. Whole numbers beyond i64 become the nearest f64.
/// Refused, with the byte where it was noticed: invalid UTF-8, text behind the value, a key that stands twice
/// in one object, numbers beyond f64.
bool parseJson(std::string_view text, const Limits &limits, Value &out, OpError &error);

/// A value of type `type` as a JSON value. The error names the place as a JSON pointer.
bool jsonFromValue(const Value &value, const ConstantView &view, TypeId type, const Limits &limits,
                   Value &out, OpError &error);

/// A JSON value as a value of type `type`. The error names the place of the first mismatch as a JSON pointer.
bool valueFromJson(const Value &json, const ConstantView &view, TypeId type, const Limits &limits, Value &out,
                   OpError &error);

enum class JsonLayout : uint8_t {
  Line,     // one line, no space
  Indented, // by two spaces
};

/// Writes a value of type `type` as JSON, without a line end. Deterministic: keys in their order, floats in
/// the shortest form that reads back to the same number (1.0, not 1). On an error nothing has been written.
bool printJson(const Value &value, const ConstantView &view, TypeId type, llvm::raw_ostream &out,
               OpError &error, JsonLayout layout = JsonLayout::Line, const Limits &limits = {});

/// Splits a JSON pointer (RFC 6901) into its keys, `~0` and `~1` replaced; "" has none. False when it is no
/// pointer, with the reason in `what`. The verifier asks for `pointer` attributes, the kernels again.
bool splitPointer(std::string_view pointer, std::vector<std::string> &keys, std::string &what);

} // namespace xcs
