#include "Ops/JsonSupport.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace xcs;

namespace {

/// An array or object whose items are still being written.
struct OpenContainer {
  const Value *container;
  size_t next = 0;
};

/// Writes values of type json only. Values of other types are converted first (JsonFromValue.cpp), which
/// finds every error, so that only the limit can stop the writing half-way.
class JsonWriter {
public:
  JsonWriter(std::string &out, JsonLayout layout, const Limits &limits, uint64_t limit,
             llvm::raw_ostream *stream)
      : out(out), layout(layout), limits(limits), limit(limit), stream(stream) {}

  /// False if the limit was reached or the run was stopped.
  bool write(const Value &top) {
    value(top);
    while (!open.empty() && !tooLong && !limits.isStopped()) {
      OpenContainer &at = open.back();
      if (at.next == at.container->size())
        close();
      else
        step(at);
      flush();
    }
    return !tooLong && !limits.isStopped();
  }

private:
  void step(OpenContainer &at) {
    std::span<const Value> items = at.container->items();
    if (at.next)
      out += ',';
    breakLine(open.size());
    if (at.container->kind() == ValueKind::Object) {
      string(items[at.next++].text());
      out += layout == JsonLayout::Indented ? ": " : ":";
    }
    value(items[at.next++]); // `at` may have moved after this
  }

  void close() {
    OpenContainer done = open.back();
    open.pop_back();
    if (done.next)
      breakLine(open.size());
    out += done.container->kind() == ValueKind::Object ? '}' : ']';
  }

  void value(const Value &v) {
    if (v.kind() == ValueKind::List || v.kind() == ValueKind::Object) {
      out += v.kind() == ValueKind::Object ? '{' : '[';
      open.push_back({&v});
    } else if (v.kind() == ValueKind::Str) {
      string(v.text());
    } else if (v.kind() == ValueKind::I64) {
      appendInt(out, v.asI64());
    } else if (v.kind() == ValueKind::Whole) {
      out += v.text();
    } else if (v.kind() == ValueKind::F64) {
      appendFloat(out, v.asF64());
    } else if (v.kind() == ValueKind::Bool) {
      out += v.asBool() ? "true" : "false";
    } else {
      out += "null";
    }
  }

  // In pieces: escapes make a text up to six times as long, which must be noticed on the way.
  void string(std::string_view text) {
    constexpr size_t piece = 64 << 10;
    out += '"';
    for (; !text.empty() && !tooLong && !limits.isStopped();
         text.remove_prefix(std::min(piece, text.size()))) {
      appendEscaped(out, text.substr(0, piece));
      flush();
    }
    out += '"';
  }

  void breakLine(size_t depth) {
    if (layout == JsonLayout::Line)
      return;
    out += '\n';
    out.append(2 * depth, ' ');
  }

  void flush() {
    constexpr size_t enough = 64 << 10;
    tooLong = !stream && out.size() > limit;
    if (!stream || out.size() < enough)
      return;
    *stream << out;
    out.clear();
  }

  std::string &out;
  JsonLayout layout;
  const Limits &limits;
  uint64_t limit;
  llvm::raw_ostream *stream; // receives `out` from time to time; null: all of it stays there, up to the limit
  bool tooLong = false;
  std::vector<OpenContainer> open;
};

} // namespace

bool xcs::appendJson(std::string &out, const Value &json, JsonLayout layout, const Limits &limits,
                     OpError &error) {
  uint64_t limit = std::min<uint64_t>(limits[Limit::ValueBytes], UINT32_MAX);
  if (JsonWriter(out, layout, limits, limit, nullptr).write(json) && out.size() <= limit)
    return true;
  if (limits.isStopped())
    return failStopped(error);
  return failWithLimit(error, limits, Limit::ValueBytes, "a value written as JSON");
}

bool xcs::printJson(const Value &value, const ConstantView &view, TypeId type, llvm::raw_ostream &out,
                    OpError &error, JsonLayout layout, const Limits &limits) {
  Value json;
  if (!jsonFromValue(value, view, type, limits, json, error))
    return false;
  std::string buffer;
  JsonWriter(buffer, layout, limits, 0, &out).write(json);
  out << buffer;
  return true;
}
