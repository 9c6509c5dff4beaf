#include "AnswerCases.h"
#include "Model/RawJson.h"

using namespace xcs;
using namespace xcs::test;

using Kind = RawJson::Kind;

static std::string showCount(const std::optional<uint64_t> &count) {
  return ' ' + (count ? std::to_string(*count) : "?");
}

static std::string showChoice(const ChatChoice &choice) {
  std::string out = choice.hasContent ? '"' + choice.content + '"' : "no text";
  out += ' ' + (choice.hasFinish ? choice.finish : "no reason");
  if (!choice.refusal.empty())
    out += std::string(" refusal \"") + choice.refusal + '"';
  for (const ToolCallText &call : choice.calls)
    out += ' ' + call.id + ':' + call.name + '(' + call.arguments + ')';
  if (!choice.besides.empty())
    out += " besides " + choice.besides;
  if (choice.error)
    out += " (" + std::to_string(choice.error->status) + ' ' + choice.error->message + ')';
  return out;
}

std::string xcs::test::show(AnswerReader &reader) {
  Completion whole;
  AnswerFault fault;
  if (!reader.finish(whole, fault)) {
    switch (fault.kind) {
    case AnswerFault::Kind::Wrong:
      return "wrong: " + fault.what;
    case AnswerFault::Kind::Transient:
      return "again: " + fault.what;
    case AnswerFault::Kind::Reported:
      return "reported " + std::to_string(fault.report.status) + ": " + fault.report.message +
             (fault.report.isQuota ? " (quota)" : "");
    case AnswerFault::Kind::Limit:
      return "limit: " + fault.limit.message;
    }
  }
  std::string out;
  for (const ChatChoice &choice : whole.choices)
    out += (out.empty() ? "" : " | ") + showChoice(choice);
  const ReportedUsage &usage = whole.usage;
  if (usage.prompt || usage.completion || usage.cached || usage.reasoning)
    out += ',' + showCount(usage.prompt) + showCount(usage.completion) + showCount(usage.cached) +
           showCount(usage.reasoning);
  return out;
}

namespace {

enum class Indices { Own, Same, None };

/// Writes one stream of a whole answer.
class StreamWriter {
public:
  /// `text`, `at`: which of the texts is cut, and where; `text` of -1: all of them, everywhere.
  StreamWriter(RawJson body, Indices indices, int text, size_t at)
      : root(body), indices(indices), cutText(text), cutAt(at) {}

  std::string write();
  size_t textCount() const { return lengths.size(); }
  size_t placesIn(size_t text) const { return lengths[text]; }

private:
  std::vector<std::string> pieces(const RawJson &text);
  void choice(const RawJson &item, size_t place, bool isLast);
  void call(const RawJson &item, size_t place);
  void delta(const std::string &members, const std::string &besides = "");
  void texts(const std::string &before, const RawJson &value, const std::string &behind);

  RawJson root;
  Indices indices;
  int cutText;
  size_t cutAt;
  std::vector<size_t> lengths; // of the texts so far, in places to cut
  std::string out, index;
};

/// The places between two characters or escapes of a text, its beginning and end included.
std::vector<size_t> placesOf(std::string_view written) {
  std::vector<size_t> places;
  size_t at = 1;
  for (; at < written.size() - 1; at += written[at] != '\\' ? 1 : (written[at + 1] == 'u' ? 6 : 2))
    places.push_back(at);
  places.push_back(at);
  return places;
}

std::vector<std::string> StreamWriter::pieces(const RawJson &text) {
  std::vector<size_t> places = placesOf(text.text());
  const size_t number = lengths.size();
  lengths.push_back(places.size());
  std::vector<size_t> cuts{1};
  if (cutText == -1)
    cuts.insert(cuts.end(), places.begin(), places.end());
  else if (static_cast<size_t>(cutText) == number)
    cuts.push_back(places[cutAt]);
  cuts.push_back(text.text().size() - 1);
  std::vector<std::string> out;
  for (size_t i = 0; i + 1 < cuts.size(); ++i)
    out.push_back('"' + std::string(text.text().substr(cuts[i], cuts[i + 1] - cuts[i])) + '"');
  return out;
}

void StreamWriter::delta(const std::string &members, const std::string &besides) {
  out += "data: {\"choices\":[{" + index + "\"delta\":{" + members + '}' + besides + "}]}\n\n";
}

void StreamWriter::texts(const std::string &before, const RawJson &value, const std::string &behind) {
  if (value.kind() == Kind::String)
    for (const std::string &piece : pieces(value))
      delta(before + piece + behind);
  else if (value.kind() != Kind::Absent)
    delta(before + std::string(value.text()) + behind);
}

void StreamWriter::call(const RawJson &item, size_t place) {
  RawJson id = item.at("/id"), function = item.at("/function"), own = item.at("/index");
  if (function.kind() != Kind::Object) {
    delta("\"tool_calls\":[" + std::string(item.text()) + ']');
    return;
  }
  std::string where;
  if (indices == Indices::Own)
    where = "\"index\":" + (own.isAbsent() ? std::to_string(place) : std::string(own.text())) + ',';
  else if (indices == Indices::Same)
    where = "\"index\":0,";
  std::string first = where;
  if (id.kind() != Kind::Absent)
    first += "\"id\":" + std::string(id.text()) + ',';
  delta("\"tool_calls\":[{" + first + "\"function\":{\"name\":" + std::string(function.at("/name").text()) +
        ",\"arguments\":\"\"}}]");
  texts("\"tool_calls\":[{" + where + "\"function\":{\"arguments\":", function.at("/arguments"), "}}]");
}

void StreamWriter::choice(const RawJson &item, size_t place, bool isLast) {
  RawJson message = item.at("/message"), given = item.at("/index");
  index = "\"index\":" + (given.isAbsent() ? std::to_string(place) : std::string(given.text())) + ',';
  delta("\"role\":\"assistant\",\"content\":null");
  for (const char *thought : {"reasoning_content"})
    if (RawJson value = message.at(std::string("/") + thought); value.kind() != Kind::Absent)
      texts('"' + std::string(thought) + "\":", value, "");
  std::vector<RawJson> items;
  RawJson content = message.at("/content");
  if (content.kind() == Kind::Array && content.items(items))
    for (const RawJson &part : items)
      texts(part.kind() == Kind::String ? "\"content\":" : "\"content\":[", part,
            part.kind() == Kind::String ? "" : "]");
  else
    texts("\"content\":", content, "");
  texts("\"refusal\":", message.at("/refusal"), "");
  RawJson legacy = message.at("/function_call"), calls = message.at("/tool_calls");
  if (legacy.kind() == Kind::Object) {
    delta("\"function_call\":{\"name\":" + std::string(legacy.at("/name").text()) + '}');
    texts("\"function_call\":{\"arguments\":", legacy.at("/arguments"), "}");
  }
  items.clear();
  if (calls.kind() == Kind::Object)
    items.push_back(calls);
  else
    (void)(calls.kind() == Kind::Array && calls.items(items));
  for (size_t i = 0; i < items.size(); ++i)
    call(items[i], i);
  std::string end;
  for (const char *member : {"finish_reason", "error"})
    if (RawJson value = item.at(std::string("/") + member); value.kind() != Kind::Absent)
      end += ",\"" + std::string(member) + "\":" + std::string(value.text());
  delta("", end);
  if (RawJson error = root.at("/error"); isLast && error.kind() != Kind::Absent)
    out.insert(out.rfind('}'), ",\"error\":" + std::string(error.text()));
}

std::string StreamWriter::write() {
  std::vector<RawJson> items;
  if (!root.at("/choices").items(items))
    return {};
  for (size_t i = 0; i < items.size(); ++i)
    choice(items[i], i, i + 1 == items.size());
  if (RawJson usage = root.at("/usage"); usage.kind() != Kind::Absent)
    out += "data: {\"choices\":[],\"usage\":" + std::string(usage.text()) + "}\n\n";
  return out += "data: [DONE]\n\n";
}

} // namespace

std::vector<std::string> xcs::test::streamsOf(std::string_view body) {
  RawJson root;
  std::vector<std::string> streams;
  if (RawJson::whole(body, root) != RawJson::Fault::None || root.at("/choices").kind() != Kind::Array)
    return streams;
  for (Indices indices : {Indices::Own, Indices::Same, Indices::None}) {
    StreamWriter all(root, indices, -1, 0);
    streams.push_back(all.write());
    for (size_t text = 0; text < all.textCount(); ++text)
      for (size_t at = 0; at < all.placesIn(text); ++at)
        streams.push_back(StreamWriter(root, indices, static_cast<int>(text), at).write());
  }
  return streams;
}

std::string xcs::test::inOnePiece(std::string_view body) {
  RawJson root;
  RawJson::whole(body, root);
  std::string text(root.text());
  for (size_t at = text.find("\"message\":{"); at != std::string::npos; at = text.find("\"message\":{", at))
    text.replace(at, std::string_view("\"message\"").size(), "\"delta\"");
  return "data: " + text + "\n\ndata: [DONE]\n\n";
}
