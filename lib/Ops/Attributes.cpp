#include "xcs/Ops/Attributes.h"
#include <cmath>

using namespace xcs;

std::string_view xcs::attrTypeName(AttrType type) {
  switch (type) {
  case AttrType::Bool:
    return "bool";
  case AttrType::I64:
    return "i64";
  case AttrType::F64:
    return "f64";
  case AttrType::Str:
    return "str";
  case AttrType::Duration:
    return "duration";
  case AttrType::Symbol:
    return "symbol";
  case AttrType::Type:
    return "type";
  case AttrType::List:
    return "list";
  case AttrType::Dict:
    return "dict";
  case AttrType::Flag:
    return "flag";
  case AttrType::Any:
    return "any";
  case AttrType::Texts:
    return "texts";
  case AttrType::Names:
    return "str or texts";
  case AttrType::Slots:
    return "slots";
  }
  return {};
}

std::string_view xcs::attrClassName(AttrClass kind) {
  switch (kind) {
  case AttrClass::Request:
    return "request";
  case AttrClass::Bound:
    return "bound";
  case AttrClass::Hint:
    return "hint";
  case AttrClass::Fact:
    return "fact";
  case AttrClass::Draw:
    return "draw";
  }
  return {};
}

static std::string leastText(const AttrRange &range) {
  const std::string least = std::to_string(static_cast<int64_t>(range.least)) + std::string(range.unit);
  if (range.above)
    return (range.unit.empty() ? "must be above " : "must be longer than ") + least;
  return range.least == 0 ? "must not be negative" : "must be at least " + least;
}

/// "`a` or `b`", "`a`, `b` or `c`"; for more words "one of `a`, `b`, `c`, `d`".
static std::string wordsText(const AttrRange &range) {
  size_t count = 0;
  while (count < range.words.size() && !range.words[count].empty())
    ++count;
  std::string text = count > 3 ? "must be one of " : "must be ";
  for (size_t i = 0; i < count; ++i) {
    if (i != 0)
      text += i + 1 == count && count <= 3 ? " or " : ", ";
    text += "`" + std::string(range.words[i]) + "`";
  }
  return text;
}

std::string xcs::rangeText(const AttrRange &range) {
  switch (range.form) {
  case AttrRange::Form::Number:
    return leastText(range);
  case AttrRange::Form::Words:
    return wordsText(range);
  case AttrRange::Form::Url:
    return "must begin with `http://` or `https://`";
  case AttrRange::Form::Pointer:
    return "must be a JSON pointer like `/items/0/name`";
  case AttrRange::Form::Secret:
    return "must be `secret(\"NAME\")`: a program never contains a key";
  case AttrRange::Form::Line:
    return "must be one line of text, and not empty";
  case AttrRange::Form::Name:
    return "must be a name of letters, digits, `_`, `-` and `.`";
  case AttrRange::Form::HostEffect:
    return "must be `pure`, `sample`, `read`, `read(R)`, `write` or `write(R)`, where R names what it "
           "touches";
  case AttrRange::Form::Any:
  case AttrRange::Form::Retry:
  case AttrRange::Form::Headers:
  case AttrRange::Form::Environment:
  case AttrRange::Form::Capabilities:
  case AttrRange::Form::Extra:
  case AttrRange::Form::Slots:
    return {};
  }
  return {};
}
