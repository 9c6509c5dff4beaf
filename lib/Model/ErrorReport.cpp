#include "Model/ErrorShapes.h"
#include "xcs/Model/Quirks.h"
#include "xcs/Model/Sse.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

static constexpr size_t mostShown = 300; // bytes of a server's words that a message repeats

std::string xcs::shortened(std::string_view text) { return std::string(beginningOf(text, mostShown)); }

bool xcs::isTransientStatus(int64_t status) {
  return status == 408 || status == 409 || status == 429 || (status >= 500 && status < 600);
}

static std::string textOf(const RawJson &value) {
  std::string text;
  if (value.kind() != RawJson::Kind::String)
    return text;
  value.appendTo(text); // with an escape that is none, what comes before it
  return makeReadable(text) ? text : readableText(text);
}

/// The status that a code means; one of 0 to 99 or above 599 is a number of the server's own.
static int64_t statusOf(const RawJson &code) {
  if (std::optional<int64_t> number = code.integer())
    return *number >= 100 && *number < 600 ? *number : 0;
  return statusOfWord(textOf(code));
}

std::optional<ErrorReport> xcs::findError(const RawJson &root) {
  ErrorReport report;
  for (std::string_view place : errorTexts)
    if (std::string text = textOf(root.at(place)); !text.empty()) {
      report.message = shortened(text);
      break;
    }
  RawJson error = root.at("/error");
  bool isOne = !report.message.empty() || !RawObject(error).isEmpty();
  if (!isOne)
    return std::nullopt;
  if (report.message.empty()) {
    report.message = shortened(error.text());
    if (!makeReadable(report.message))
      report.message = readableText(report.message);
  }
  for (std::string_view place : errorCodes) {
    int64_t status = statusOf(root.at(place));
    report.isQuota |= status == 402;
    if (!report.status)
      report.status = status;
  }
  return report;
}

/// The data of the first event of a stream; empty when a text is none.
static std::string firstData(std::string_view text) {
  std::string first, last;
  SseParser parser([&](std::string_view, std::string_view data) {
    if (first.empty())
      first = data;
  });
  parser.feed(text);
  return first.empty() && parser.isWithinEvent(last) ? last : first;
}

/// Of a text that begins with JSON.
static std::optional<ErrorReport> reportIn(std::string_view text) {
  RawJson root;
  RawJson::Fault how = RawJson::whole(text, root);
  return how == RawJson::Fault::None || how == RawJson::Fault::Extra ? findError(root) : std::nullopt;
}

ErrorReport xcs::errorReportOf(std::string_view body) {
  if (std::optional<ErrorReport> report = reportIn(body))
    return *report;
  if (std::optional<ErrorReport> report = reportIn(firstData(body)))
    return *report;
  std::string text = shortened(body);
  if (!makeReadable(text))
    text = readableText(text);
  bool isBlank = text.find_first_not_of(" \t\r\n") == std::string::npos;
  return {isBlank ? "no message" : text, 0, false};
}
