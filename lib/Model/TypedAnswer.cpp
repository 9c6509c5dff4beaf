#include "Model/TypedAnswer.h"
#include "Model/RawJson.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/JsonText.h"
#include <optional>

using namespace xcs;

static constexpr size_t npos = std::string_view::npos;

static std::string_view trimmed(std::string_view text) {
  size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

namespace {

/// Looks at one candidate after the other, and keeps the value of those that fit.
class Candidates {
public:
  explicit Candidates(const ChatCall &call) : call(call), own(call.ownSchema()) {}

  /// Whether a text is JSON that fits. `needsObject`: only an object counts, with `value` in it where the
  /// schema puts one around the answer.
  bool offer(std::string_view text, bool needsObject);
  bool isRecord() const { return call.constants.kind(call.form.type) == TypeKind::Record; }

  Value found;
  size_t different = 0; // values that fit
  std::optional<OpError> limit;
  std::optional<OpError> mismatch; // of the last that was JSON and did not fit
  OpError error;                   // of the last that was offered

private:
  const ChatCall &call;
  SchemaOfAttr *const own; // null: none
};

bool Candidates::offer(std::string_view text, bool needsObject) {
  Value root, value;
  error = {};
  if (!parseJson(text, call.limits, root, error)) {
    if (error.id == Diag::LimitExceeded)
      limit = error;
    return false;
  }
  // What is not a record is in an object, under `value`: endpoints want one at the top.
  if (!isRecord() && !own) {
    bool isWrapped =
        root.kind() == ValueKind::Object && root.size() == 2 && root.items()[0].text() == "value";
    if (isWrapped)
      root = Value(root.items()[1]);
    else if (needsObject)
      return false;
  }
  if ((own && !own->matches(root, error)) ||
      !valueFromJson(root, call.constants, call.form.type, call.limits, value, error)) {
    if (error.id == Diag::LimitExceeded)
      limit = error;
    else
      mismatch = error;
    return false;
  }
  if (different == 0 || !equalValues(found, value)) {
    ++different;
    found = std::move(value);
  }
  return true;
}

/// What comes after the thoughts of a model; nothing when they do not end.
std::string_view withoutThoughts(std::string_view text) {
  struct Tags {
    std::string_view begin, end;
  };
  constexpr Tags tags[] = {{"<think>", "</think>"},
                           {"<thinking>", "</thinking>"},
                           {"<thought>", "</thought>"},
                           {"<reasoning>", "</reasoning>"},
                           {"[THINK]", "[/THINK]"}};
  for (const Tags &tag : tags) {
    // Many templates put the first tag into the prompt: the answer has the second alone.
    if (size_t end = text.rfind(tag.end); end != npos)
      return text.substr(end + tag.end.size());
    if (trimmed(text).starts_with(tag.begin))
      return {};
  }
  return text;
}

constexpr std::string_view fence = "```";

/// What is between fences, each.
void offerFenced(std::string_view text, Candidates &to) {
  for (size_t open = text.find(fence); open != npos;) {
    size_t line = text.find('\n', open), begin = open + fence.size();
    size_t close = text.find(fence, begin);
    if (close == npos)
      return;
    // The rest of the first line names the language, but for a fence within one line.
    if (line < close)
      begin = line + 1;
    to.offer(trimmed(text.substr(begin, close - begin)), false);
    if (to.limit)
      return;
    open = text.find(fence, close + fence.size());
  }
}

/// Each object that is in a text, the outermost of those within each other.
void offerObjects(std::string_view text, Candidates &to) {
  size_t attempts = 100; // braces that open no object, each looked at to the end of the text
  for (size_t at = text.find('{'); at != npos && attempts > 0;) {
    RawJson object = RawJson::firstOf(text.substr(at));
    bool isJson = object.kind() == RawJson::Kind::Object;
    if (isJson) {
      to.offer(object.text(), true);
      isJson = to.error.id != Diag::JsonSyntax;
    }
    if (to.limit)
      return;
    attempts -= !isJson;
    at = text.find('{', at + (isJson ? object.text().size() : 1));
  }
}

} // namespace

bool xcs::typedValueIn(const ChatCall &call, std::string_view text, Value &out, OpError &error) {
  Candidates candidates(call);
  bool isWhole = candidates.offer(trimmed(text), false);
  OpError wholeError = candidates.error;
  if (!isWhole && !candidates.limit && !candidates.mismatch) {
    text = trimmed(withoutThoughts(text));
    isWhole = candidates.offer(text, false);
    if (!isWhole && !candidates.limit && !candidates.mismatch) {
      offerFenced(text, candidates);
      if (!candidates.limit)
        offerObjects(text, candidates);
    }
  }
  if (candidates.limit) {
    error = std::move(*candidates.limit);
    return false;
  }
  if (candidates.different == 1) {
    out = std::move(candidates.found);
    return true;
  }
  if (candidates.different > 1)
    error = {Diag::JsonMismatch, "it has several JSON values that fit, which differ"};
  else
    error = candidates.mismatch ? std::move(*candidates.mismatch) : std::move(wholeError);
  return false;
}
