#include "JsonSupport.h"
#include "xcs/Ops/Utf8.h"
#include <algorithm>
#include <variant>
// The one translation unit that sees simdjson. Its On-Demand interface, not its DOM: that one refuses numbers
// beyond 64 bits and does not say where an error is.
#include <simdjson.h>

namespace xcs {

namespace {

namespace ondemand = simdjson::ondemand;

/// An array or object that is still being read.
struct OpenContainer {
  std::variant<ondemand::array_iterator, ondemand::object_iterator> at;
  std::vector<Value> done; // items, or keys and values

  bool isObject() const { return at.index() == 1; }
};

/// On-Demand reads forward only: each container is stepped through by its iterator, and its iterator may step
/// on only when the element it stands at has been read to its end. `containers` holds the iterators from the
/// outermost to the current one, where nested loops would hold them on the stack.
class JsonReader {
public:
  JsonReader(const Limits &limits, OpError &error) : limits(limits), error(error) {}

  bool read(std::string_view text, Value &out) {
    // The text is read as the one element of an array: simdjson 3.0's functions for a scalar at the top let
    // some text behind it pass.
    simdjson::padded_string padded(text.size() + 2);
    start = padded.data() + 1;
    size = text.size();
    padded.data()[0] = '[';
    std::copy(text.begin(), text.end(), padded.data() + 1);
    padded.data()[size + 1] = ']';
    if (simdjson::error_code code = parser.iterate(padded).get(document))
      return code == simdjson::UTF8_ERROR ? invalidUtf8(text) : syntax(code, "");
    ondemand::array array;
    ondemand::array_iterator first;
    simdjson::error_code code;
    if ((code = document.get_array().get(array)) || (code = array.begin().get(first)))
      return syntax(code);
    containers.push_back({first, {}});
    if (!readAll())
      return false;
    const char *behind;
    if (finished.size() == 1 && document.current_location().get(behind)) { // fails at the end, and only there
      out = std::move(finished[0]);
      return true;
    }
    return failWith(error, Diag::JsonSyntax,
                    {finished.empty() ? "it is empty" : "there is more text behind the value"});
  }

private:
  bool invalidUtf8(std::string_view text) {
    return failWith(error, Diag::InvalidUtf8, {std::to_string(invalidUtf8At(text)), "the text"});
  }

  /// `byte 12: `, of what simdjson looks at.
  std::string place() {
    const char *at;
    if (document.current_location().get(at))
      at = start + size;
    return "byte " + std::to_string(std::clamp<ptrdiff_t>(at - start, 0, static_cast<ptrdiff_t>(size))) +
           ": ";
  }

  bool syntax(simdjson::error_code code) { return syntax(code, place()); }
  bool syntax(simdjson::error_code code, std::string where) {
    std::string_view what = "a value, a `,` or a closing bracket is missing or out of place";
    if (code == simdjson::UNCLOSED_STRING)
      what = "a string is not closed";
    else if (code == simdjson::UNESCAPED_CHARS)
      what = "a control character stands in a string; write it as an escape";
    else if (code == simdjson::STRING_ERROR)
      what = "a string has a wrong escape";
    else if (code == simdjson::NUMBER_ERROR || code == simdjson::NUMBER_OUT_OF_RANGE)
      what = "this is no number, or none that an f64 can hold";
    else if (code == simdjson::INCORRECT_TYPE)
      what = "this is no value";
    else if (code == simdjson::CAPACITY || code == simdjson::MEMALLOC)
      what = "there is no memory for it";
    return failWith(error, Diag::JsonSyntax, {where.append(what)});
  }

  bool readAll() {
    while (!containers.empty()) {
      OpenContainer &top = containers.back();
      if (top.isObject() ? !stepObject(top) : !stepArray(top))
        return false;
    }
    return true;
  }

  bool stepArray(OpenContainer &top) {
    auto &at = std::get<0>(top.at);
    if (at == ondemand::array_iterator()) // whatever it is compared with stands for the end
      return close();
    ondemand::value item;
    if (simdjson::error_code code = (*at).get(item))
      return syntax(code);
    return value(item);
  }

  bool stepObject(OpenContainer &top) {
    auto &at = std::get<1>(top.at);
    if (at == ondemand::object_iterator())
      return close();
    ondemand::field field;
    std::string_view key;
    if (simdjson::error_code code = (*at).get(field))
      return syntax(code);
    if (simdjson::error_code code = field.unescaped_key().get(key))
      return syntax(code);
    top.done.push_back(Value::str(key));
    taken += top.done.back().byteSize();
    ondemand::value item = std::move(field.value());
    return value(item);
  }

  bool value(ondemand::value &item) {
    ondemand::json_type type;
    if (simdjson::error_code code = item.type().get(type))
      return syntax(code);
    if (type == ondemand::json_type::array || type == ondemand::json_type::object)
      return open(item, type);
    return scalar(item, type);
  }

  bool open(ondemand::value &source, ondemand::json_type type) {
    if (containers.size() > limits[Limit::JsonDepth]) // one is the array around the text
      return failWithLimit(error, limits, Limit::JsonDepth, "the nesting of a JSON text");
    simdjson::error_code code;
    OpenContainer container;
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      ondemand::array_iterator first;
      if ((code = source.get_array().get(array)) || (code = array.begin().get(first)))
        return syntax(code);
      container.at = first;
    } else {
      ondemand::object object;
      ondemand::object_iterator first;
      if ((code = source.get_object().get(object)) || (code = object.begin().get(first)))
        return syntax(code);
      container.at = first;
    }
    containers.push_back(std::move(container));
    return true;
  }

  bool scalar(ondemand::value &source, ondemand::json_type type) {
    simdjson::error_code code;
    Value made;
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if ((code = source.get_string().get(text)))
        return syntax(code);
      made = Value::str(text);
    } else if (type == ondemand::json_type::number) {
      if ((code = number(source, made)))
        return syntax(code);
    } else if (type == ondemand::json_type::boolean) {
      bool truth;
      if ((code = source.get_bool().get(truth)))
        return syntax(code);
      made = Value::boolean(truth);
    } else {
      bool null;
      if ((code = source.is_null().get(null)) || !null)
        return syntax(code ? code : simdjson::INCORRECT_TYPE);
      made = Value::none();
    }
    return give(std::move(made));
  }

  /// An i64 where it fits, else an f64.
  simdjson::error_code number(ondemand::value &source, Value &out) {
    ondemand::number parsed;
    double inexact;
    if (source.get_number().get(parsed)) { // also of whole numbers beyond 64 bits
      if (simdjson::error_code code = source.get_double().get(inexact))
        return code;
      out = Value::f64(inexact);
      return simdjson::SUCCESS;
    }
    if (parsed.is_int64())
      out = Value::i64(parsed.get_int64());
    else if (parsed.is_uint64())
      out = Value::f64(static_cast<double>(parsed.get_uint64()));
    else
      out = Value::f64(parsed.get_double());
    return simdjson::SUCCESS;
  }

  /// Keys that stand twice: which one counts differs between readers (RFC 8259, section 4), so that neither
  /// is taken.
  bool close() {
    OpenContainer done = std::move(containers.back());
    containers.pop_back();
    if (containers.empty()) {
      finished = std::move(done.done);
      return true;
    }
    if (!done.isObject())
      return give(Value::list(done.done));
    std::vector<std::string_view> keys;
    for (size_t i = 0; i < done.done.size(); i += 2)
      keys.push_back(done.done[i].text());
    std::sort(keys.begin(), keys.end());
    if (auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end())
      return failWith(error, Diag::JsonSyntax,
                      {"the key `" + std::string(*twice) + "` stands twice in one object"});
    return give(Value::object(done.done));
  }

  /// A finished value goes into the container around it, which steps on.
  bool give(Value v) {
    // What a container holds has been counted with its parts.
    taken += v.depth() ? Value::sequenceBytes(0) : v.byteSize();
    if (taken > limits[Limit::ValueBytes])
      return failWithLimit(error, limits, Limit::ValueBytes, "the value of a JSON text");
    OpenContainer &top = containers.back();
    top.done.push_back(std::move(v));
    if (top.isObject())
      ++std::get<1>(top.at);
    else
      ++std::get<0>(top.at);
    return true;
  }

  const Limits &limits;
  OpError &error;
  ondemand::parser parser;
  ondemand::document document;
  const char *start = nullptr;
  size_t size = 0;
  uint64_t taken = 0;
  std::vector<OpenContainer> containers;
  std::vector<Value> finished;
};

} // namespace

bool parseJson(std::string_view text, const Limits &limits, Value &out, OpError &error) {
  if (text.size() > limits[Limit::JsonBytes])
    return failWithLimit(error, limits, Limit::JsonBytes,
                         "a JSON text of " + std::to_string(text.size()) + " bytes");
  return JsonReader(limits, error).read(text, out);
}

} // namespace xcs
