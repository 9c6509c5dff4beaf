#include "Ops/JsonSupport.h"
#include "xcs/Ops/WholeNumber.h"
#include "xcs/Support/Counted.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
// The only translation unit that includes RapidJSON. It is header-only and so costs no start-up time (a
// shared JSON library brought a second libstdc++ and took a third of xcsc's start; docs/performance.md).
#include <rapidjson/error/error.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

using namespace xcs;

namespace {

/// An array or object that is still being read.
struct OpenContainer {
  bool isObject;
  std::vector<Value> done; // items, or keys and values
};

/// Receives what RapidJSON's reader finds (its Handler concept); returning false ends the reading, with
/// `error` set. The reader is the iterative one, which keeps its state in a buffer: nothing recurses.
class JsonBuilder {
public:
  JsonBuilder(const Limits &limits, OpError &error) : limits(limits), error(error) {}

  bool Null() { return returnValue(Value::none()); }
  bool Bool(bool truth) { return returnValue(Value::boolean(truth)); }
  bool String(const char *text, rapidjson::SizeType size, bool) {
    return checkEscapes({text, size}) && returnValue(Value::str({text, size}));
  }
  bool Key(const char *text, rapidjson::SizeType size, bool) {
    if (!checkEscapes({text, size}))
      return false;
    containers.back().done.push_back(Value::str({text, size}));
    taken += containers.back().done.back().byteSize();
    return true;
  }
  /// Numbers arrive as text: an i64, a whole number beyond i64, which keeps its digits, or an f64.
  bool RawNumber(const char *text, rapidjson::SizeType size, bool) {
    const char *end = text + size;
    int64_t whole;
    auto read = std::from_chars(text, end, whole);
    if (read.ec == std::errc() && read.ptr == end)
      return returnValue(Value::i64(whole));
    if (read.ec == std::errc::result_out_of_range && read.ptr == end &&
        std::isfinite(nearestFloat({text, size})))
      return returnValue(Value::whole({text, size}));
    double number;
    // Out of range means too large, or too near zero to be represented.
    if (std::from_chars(text, end, number).ec == std::errc::result_out_of_range)
      number = std::strtod(std::string(text, end).c_str(), nullptr);
    return std::isinf(number)
               ? failWith(error, Diag::JsonSyntax, {"`" + shortened({text, size}) + wrongNumber})
               : returnValue(Value::f64(number));
  }
  bool StartArray() { return open(false); }
  bool StartObject() { return open(true); }
  bool EndArray(rapidjson::SizeType) {
    OpenContainer done = takeInnermost();
    return returnValue(Value::list(done.done));
  }
  bool EndObject(rapidjson::SizeType);

  // Required by the concept, but never called, since numbers arrive as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

  Value whole;

private:
  static constexpr const char *wrongNumber = "` is not a number that an f64 can represent";

  static std::string shortened(std::string_view number) {
    return std::string(number.substr(0, 40)) + (number.size() > 40 ? "..." : "");
  }

  /// The text itself is valid, but a lone `\udc00` makes a surrogate, which RapidJSON 1.1 accepts.
  bool checkEscapes(std::string_view text) {
    constexpr char leadOfSurrogates = '\xED';
    if (!memchr(text.data(), leadOfSurrogates, text.size()) || invalidUtf8At(text) == std::string_view::npos)
      return true;
    return failWith(error, Diag::JsonSyntax, {"a string contains an unpaired surrogate escape"});
  }

  bool open(bool isObject) {
    if (containers.size() >= limits[Limit::JsonDepth])
      return failWithLimit(error, limits, Limit::JsonDepth, "the nesting of a JSON text");
    containers.push_back({isObject, {}});
    return true;
  }

  std::string pointerTo(std::string_view key) const;

  OpenContainer takeInnermost() {
    OpenContainer done = std::move(containers.back());
    containers.pop_back();
    return done;
  }

  /// Adds a finished value to the enclosing container.
  bool returnValue(Value v) {
    if (limits.isStopped())
      return failStopped(error);
    // The content of a container has been counted with its parts.
    taken += v.depth() ? Value::sequenceBytes(0) : v.byteSize();
    if (taken > limits[Limit::ValueBytes])
      return failWithLimit(error, limits, Limit::ValueBytes, "the value of a JSON text");
    if (containers.empty())
      whole = std::move(v);
    else
      containers.back().done.push_back(std::move(v));
    return true;
  }

  const Limits &limits;
  OpError &error;
  uint64_t taken = 0;
  std::vector<OpenContainer> containers;
};

/// The JSON pointer to a key of the object that was closed last.
std::string JsonBuilder::pointerTo(std::string_view key) const {
  std::string pointer;
  for (const OpenContainer &at : containers)
    if (at.isObject) // its last key is the one whose value is being read
      appendPointerKey(pointer, at.done.back().text());
    else
      appendPointerIndex(pointer, at.done.size());
  appendPointerKey(pointer, key);
  return pointer;
}

/// Rejects duplicate keys: readers differ in which one they use (RFC 8259, section 4).
bool JsonBuilder::EndObject(rapidjson::SizeType) {
  OpenContainer done = takeInnermost();
  std::vector<std::string_view> keys;
  for (size_t i = 0; i < done.done.size(); i += 2)
    keys.push_back(done.done[i].text());
  std::sort(keys.begin(), keys.end());
  if (auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end())
    return failWith(
        error, Diag::JsonSyntax,
        {"the key `" + std::string(*twice) + "` occurs twice in one object, at `" + pointerTo(*twice) + "`"});
  return returnValue(Value::object(done.done));
}

constexpr std::string_view wrongEscape = "a string contains an invalid escape";

/// What is wrong, in the words of our messages.
std::string_view describe(rapidjson::ParseErrorCode code) {
  switch (code) {
  case rapidjson::kParseErrorStringMissQuotationMark:
    return "a string is not closed";
  case rapidjson::kParseErrorStringInvalidEncoding:
  case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
  case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
  case rapidjson::kParseErrorStringEscapeInvalid:
    return wrongEscape;
  case rapidjson::kParseErrorNumberTooBig:
  case rapidjson::kParseErrorNumberMissFraction:
  case rapidjson::kParseErrorNumberMissExponent:
    return "this is not a number, or not one that an f64 can represent";
  case rapidjson::kParseErrorValueInvalid:
    return "this is not a value";
  case rapidjson::kParseErrorNone:
  case rapidjson::kParseErrorDocumentEmpty:
  case rapidjson::kParseErrorDocumentRootNotSingular:
  case rapidjson::kParseErrorObjectMissName:
  case rapidjson::kParseErrorObjectMissColon:
  case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
  case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
  case rapidjson::kParseErrorTermination:
  case rapidjson::kParseErrorUnspecificSyntaxError:
    break;
  }
  return "a value, a `,` or a closing bracket is missing or out of place";
}

/// RapidJSON has one error for a bad escape and an unescaped control character.
bool isControl(std::string_view text, size_t at) {
  return at < text.size() && static_cast<unsigned char>(text[at]) < 0x20;
}

bool syntaxError(const rapidjson::ParseResult &result, std::string_view text, OpError &error) {
  if (result.Code() == rapidjson::kParseErrorDocumentEmpty)
    return failWith(error, Diag::JsonSyntax, {"it is empty"});
  if (result.Code() == rapidjson::kParseErrorDocumentRootNotSingular)
    return failWith(error, Diag::JsonSyntax, {"there is extra text after the value"});
  std::string_view what = describe(result.Code());
  if (what == wrongEscape && isControl(text, result.Offset()))
    what = "a string contains a control character; write it as an escape";
  return failWith(error, Diag::JsonSyntax,
                  {"byte " + std::to_string(result.Offset()) + ": " + std::string(what)});
}

} // namespace

bool xcs::parseJson(std::string_view text, const Limits &limits, Value &out, OpError &error) {
  if (text.size() > limits[Limit::JsonBytes])
    return failWithLimit(error, limits, Limit::JsonBytes, "a JSON text of " + counted(text.size(), "byte"),
                         text.size());
  if (size_t bad = invalidUtf8At(text); bad != std::string_view::npos)
    return failWith(error, Diag::InvalidUtf8, {std::to_string(bad), "the text"});
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  JsonBuilder builder(limits, error);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
  if (result.Code() == rapidjson::kParseErrorTermination)
    return false;
  if (result.IsError())
    return syntaxError(result, text, error);
  // A NUL byte ends the text for the reader.
  if (stream.Tell() != text.size())
    return failWith(error, Diag::JsonSyntax, {"there is extra text after the value"});
  out = std::move(builder.whole);
  return true;
}
