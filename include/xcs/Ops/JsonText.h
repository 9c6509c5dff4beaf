#pragma once
#include "xcs/Ops/Kernel.h"
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace xcs {

// Conversion between JSON text, values of type `json`, and values of any other type. Nothing here recurses;
// depth, text and value sizes are bounded by Limit::JsonDepth, JsonBytes and ValueBytes.
//
// The JSON form of a typed value: bool, i64, f64, str and json as themselves; none as null; list as array;
// record as an object of all its fields; option as its value or null; result as {"ok": value} or {"error":
// {kind, message, op, attempt}}; bytes as base64; duration in the syntax of a program ("250ms"). nan, inf and
// secrets have no JSON form. In reverse, an unknown key is an error, a missing field of type option is none,
// an f64 accepts whole numbers, of any size, and an i64 accepts floats that are whole.

/// Reads a text that is one JSON value (RFC 8259). Whole numbers beyond i64 keep their digits. Rejects,
/// with the byte where it was noticed: invalid UTF-8, text after the value, a duplicate key in an object,
/// numbers beyond f64.
bool parseJson(std::string_view text, const Limits &limits, Value &out, OpError &error);

/// A value of type `type` as a JSON value. The error names the place as a JSON pointer.
bool jsonFromValue(const Value &value, const ConstantView &view, TypeId type, const Limits &limits,
                   Value &out, OpError &error);

/// A JSON value as a value of type `type`. The error names the place of the first mismatch as a JSON pointer.
bool valueFromJson(const Value &json, const ConstantView &view, TypeId type, const Limits &limits, Value &out,
                   OpError &error);

enum class JsonLayout : uint8_t {
  Line,     // one line, no spaces
  Indented, // by two spaces
};

/// Writes a value of type `type` as JSON, without a line end. Deterministic: keys in their order, floats in
/// the shortest form that reads back to the same number (1.0, not 1). On an error nothing has been written.
bool printJson(const Value &value, const ConstantView &view, TypeId type, llvm::raw_ostream &out,
               OpError &error, JsonLayout layout = JsonLayout::Line, const Limits &limits = {});

/// Appends a JSON value as text. False, with an error, if the text would exceed Limit::ValueBytes. A nan or
/// inf, which only `lenientJson` produces, is written as in a program.
bool appendJson(std::string &out, const Value &json, JsonLayout layout, const Limits &limits, OpError &error);

/// Splits a JSON pointer (RFC 6901) into its keys, `~0` and `~1` replaced; "" has none. False if it is not a
/// pointer, with the reason in `what`. Used by the verifier for `pointer` attributes, and again by the
/// kernels.
bool splitPointer(std::string_view pointer, std::vector<std::string> &keys, std::string &what);

} // namespace xcs
