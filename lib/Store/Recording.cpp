#include "xcs/Store/Recording.h"
#include "xcs/Ops/JsonText.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;

static constexpr std::string_view formatName = "recording";
static constexpr int64_t formatVersion = 1;
static constexpr size_t identityDigits = 32, shapeDigits = 16;

std::string xcs::shapeText(uint64_t shape) {
  const std::string digits = llvm::utohexstr(shape, /*LowerCase=*/true);
  return std::string(shapeDigits - digits.size(), '0') + digits;
}

namespace {

/// The members of a JSON object that is written.
class Members {
public:
  void add(std::string_view key, Value value) {
    items.push_back(Value::str(key));
    items.push_back(std::move(value));
  }
  void add(std::string_view key, std::string_view text) { add(key, Value::str(text)); }
  Value take() { return Value::object(items); }

private:
  std::vector<Value> items;
};

/// A line that is read: its members, each taken once.
class LineReader {
public:
  LineReader(std::string_view name, unsigned line, DiagnosticEngine &diagnostics)
      : place{name, line, 1}, diagnostics(diagnostics) {}

  bool parse(std::string_view text, const Limits &limits) {
    OpError error;
    if (!parseJson(text, limits, object, error))
      return fail(error.message);
    if (object.kind() != ValueKind::Object)
      return fail("a line must be one JSON object");
    isTaken.assign(object.size() / 2, false);
    return true;
  }
  /// The member of that name; null if there is none.
  const Value *take(std::string_view key) {
    for (size_t i = 0; i < isTaken.size(); ++i)
      if (object.items()[2 * i].text() == key) {
        isTaken[i] = true;
        return &object.items()[2 * i + 1];
      }
    return nullptr;
  }
  bool takeText(std::string_view key, std::string &out) {
    const Value *found = take(key);
    if (!found || found->kind() != ValueKind::Str)
      return fail("`" + std::string(key) + "` must be a string");
    out = found->text();
    return true;
  }
  bool takeNumber(std::string_view key, int64_t least, int64_t most, int64_t &out) {
    const Value *found = take(key);
    if (!found || found->kind() != ValueKind::I64 || found->asI64() < least || found->asI64() > most)
      return fail("`" + std::string(key) + "` must be a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most));
    out = found->asI64();
    return true;
  }
  bool takeHex(std::string_view key, size_t digits, std::string &out) {
    if (!takeText(key, out))
      return false;
    const auto isDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (out.size() == digits && std::all_of(out.begin(), out.end(), isDigit))
      return true;
    return fail("`" + std::string(key) + "` must be " + std::to_string(digits) +
                " hexadecimal digits in lower case");
  }
  /// Whether all members were taken; reports one that was not.
  bool isDone() {
    const auto left = std::find(isTaken.begin(), isTaken.end(), false);
    if (left == isTaken.end())
      return true;
    const Value &key = object.items()[2 * static_cast<size_t>(left - isTaken.begin())];
    return fail("there is no member `" + std::string(key.text()) + "` here");
  }
  bool fail(const std::string &why) {
    diagnostics.reportAt(Diag::BadRecording, place, {why});
    return false;
  }

private:
  const LineColumn place;
  DiagnosticEngine &diagnostics;
  Value object;
  std::vector<bool> isTaken;
};

} // namespace

std::string xcs::printRecordingHead(uint64_t shape) {
  Members members;
  members.add("xcs", formatName);
  members.add("version", Value::i64(formatVersion));
  members.add("shape", shapeText(shape));
  std::string line;
  OpError error;
  appendJson(line, members.take(), JsonLayout::Line, {}, error);
  return line + '\n';
}

static Value failureObject(const RecordedAnswer &answer) {
  Members members;
  members.add("kind", rowOf(answer.error.id).kind);
  members.add("message", answer.error.message);
  members.add("attempt", Value::i64(answer.error.attempt));
  if (answer.hasHappened)
    members.add("happened", Value::boolean(true));
  return members.take();
}

bool xcs::appendAnswer(std::string &out, const RecordedAnswer &answer, const Limits &limits, OpError &error) {
  Members members;
  members.add("op", answer.op);
  members.add("at", answer.at);
  members.add("operands", answer.operands);
  switch (answer.kind) {
  case RecordedAnswer::Kind::Done:
    members.add("answer", answer.value);
    break;
  case RecordedAnswer::Kind::Failed:
    members.add("failure", failureObject(answer));
    break;
  case RecordedAnswer::Kind::Cancelled:
    members.add("cancelled", Value::boolean(true));
    break;
  }
  members.add("id", answer.identity);
  if (!answer.site.empty())
    members.add("site", answer.site);
  if (!appendJson(out, members.take(), JsonLayout::Line, limits, error))
    return false;
  out += '\n';
  return true;
}

/// The members of `failure`, as `failureObject` writes them.
static bool readFailure(const Value &failure, LineReader &line, RecordedAnswer &out) {
  if (failure.kind() != ValueKind::Object)
    return line.fail("`failure` must be an object with `kind`, `message` and `attempt`");
  std::optional<Diag> id;
  bool hasMessage = false, isGood = true;
  for (size_t i = 0; i + 1 < failure.size() && isGood; i += 2) {
    const std::string_view key = failure.items()[i].text();
    const Value &value = failure.items()[i + 1];
    if (key == "kind" && value.kind() == ValueKind::Str) {
      id = errorOfKind(value.text());
      isGood = id.has_value();
    } else if (key == "message" && value.kind() == ValueKind::Str) {
      out.error.message = value.text();
      hasMessage = true;
    } else if (key == "attempt" && value.kind() == ValueKind::I64 && value.asI64() >= 1) {
      out.error.attempt = value.asI64();
    } else if (key == "happened" && value.kind() == ValueKind::Bool) {
      out.hasHappened = value.asBool();
    } else {
      isGood = false;
    }
    if (!isGood)
      return line.fail("`" + std::string(key) + "` of `failure` is not what a recording has; `kind` is the " +
                       "name of an error, `attempt` a number from 1");
  }
  if (!id || !hasMessage)
    return line.fail("`failure` needs a `kind` and a `message`");
  out.error.id = *id;
  return true;
}

static bool readOutcome(LineReader &line, RecordedAnswer &out) {
  const Value *answer = line.take("answer"), *failure = line.take("failure"),
              *cancelled = line.take("cancelled");
  if (!!answer + !!failure + !!cancelled != 1)
    return line.fail("a line has one of `answer`, `failure` and `cancelled`");
  if (answer) {
    out.value = *answer;
    return true;
  }
  if (failure) {
    out.kind = RecordedAnswer::Kind::Failed;
    return readFailure(*failure, line, out);
  }
  out.kind = RecordedAnswer::Kind::Cancelled;
  return (cancelled->kind() == ValueKind::Bool && cancelled->asBool()) ||
         line.fail("`cancelled` must be true");
}

static bool readAnswer(LineReader &line, RecordedAnswer &out) {
  if (!line.takeText("op", out.op) || !line.takeText("at", out.at) ||
      !line.takeHex("id", identityDigits, out.identity))
    return false;
  const Value *operands = line.take("operands");
  if (!operands || operands->kind() != ValueKind::List)
    return line.fail("`operands` must be an array");
  out.operands = *operands;
  const auto isOfSite = [](char c) { return (c >= '0' && c <= '9') || c == '/'; };
  if (line.take("site") && (!line.takeText("site", out.site) || out.site.empty() ||
                            !std::all_of(out.site.begin(), out.site.end(), isOfSite)))
    return line.fail("`site` must be the numbers of operations, joined by `/`");
  return readOutcome(line, out) && line.isDone();
}

static bool readHead(LineReader &line, Recording &out) {
  std::string format;
  int64_t version = 0;
  if (!line.takeText("xcs", format))
    return false;
  if (format != formatName)
    return line.fail("this is no recording; `xcs` must be \"recording\"");
  return line.takeNumber("version", formatVersion, formatVersion, version) &&
         line.takeHex("shape", shapeDigits, out.shape) && line.isDone();
}

Result<Recording> xcs::readRecording(std::string_view text, const std::string &name, const Limits &limits,
                                     DiagnosticEngine &diagnostics) {
  Recording out;
  bool hasHead = false, isGood = true;
  for (unsigned number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view content = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (content.find_first_not_of(" \t\r") == content.npos)
      continue;
    LineReader line(name, number, diagnostics);
    if (!line.parse(content, limits)) {
      isGood = false;
    } else if (!hasHead) {
      if (!readHead(line, out))
        return Failure{};
    } else {
      RecordedAnswer answer;
      answer.line = number;
      isGood &= readAnswer(line, answer);
      out.answers.push_back(std::move(answer));
    }
    hasHead = true;
  }
  if (!hasHead)
    diagnostics.reportAt(Diag::BadRecording, {name, 1, 1}, {"it is empty"});
  if (!hasHead || !isGood)
    return Failure{};
  return out;
}
