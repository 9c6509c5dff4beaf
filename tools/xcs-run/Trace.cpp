#include "xcs-run/Report.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/World/Redaction.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

using namespace xcs;
using namespace xcs::runner;

// Rows below this number are workers; the others are lanes of operations in flight.
static constexpr int64_t firstLane = 1000;

namespace {

/// Rows for operations in flight: each event takes the first row that is free when it starts. Events arrive
/// in the order of their starts; each takes logarithmic time.
class Lanes {
public:
  size_t take(const TraceEvent &event) {
    while (!busy.empty() && busy.top().first <= event.start) {
      free.push(busy.top().second);
      busy.pop();
    }
    size_t lane = made;
    if (free.empty()) {
      ++made;
    } else {
      lane = free.top();
      free.pop();
    }
    busy.emplace(event.end, lane);
    return lane;
  }
  size_t count() const { return made; }

private:
  template <class T> using Smallest = std::priority_queue<T, std::vector<T>, std::greater<T>>;
  Smallest<std::pair<int64_t, size_t>> busy; // by the time at which they become free
  Smallest<size_t> free;
  size_t made = 0;
};

} // namespace

static std::string eventName(const PlanView &plan, const TraceEvent &event) {
  const PlanOp &op = plan.ops[event.op];
  std::string name(rowOf(op.code).name);
  if (op.name)
    name += " %" + std::string(plan.constants.text(op.name));
  if (event.count > 1)
    name += " and " + std::to_string(event.count - 1) + " more";
  return name;
}

/// What the author of the program wants to find again: `meta.*`.
static void writeMeta(llvm::json::OStream &json, const PlanView &plan, const PlanOp &op) {
  static constexpr std::string_view prefix = "meta.";
  const ConstantView &c = plan.constants;
  for (const DictEntry &entry : c.entries(op.dict)) {
    const std::string_view key = c.text(entry.key);
    if (!key.starts_with(prefix))
      continue;
    const std::string name(key);
    if (c.attr(entry.value).kind == AttrKind::Str)
      json.attribute(name, std::string(c.textAttr(entry.value)));
    else
      json.attribute(name, printAttr(c, entry.value));
  }
}

static void writeEvent(llvm::json::OStream &json, const PlanView &plan, const TraceEvent &event,
                       int64_t row) {
  json.object([&] {
    json.attribute("name", eventName(plan, event));
    json.attribute("cat", event.world ? "world" : "compute");
    json.attribute("ph", "X");
    json.attribute("ts", static_cast<double>(event.start) / 1000);
    json.attribute("dur", static_cast<double>(event.end - event.start) / 1000);
    json.attribute("pid", 1);
    json.attribute("tid", row);
    json.attributeObject("args", [&] {
      if (event.index != UINT32_MAX)
        json.attribute("iteration", event.index);
      const PlanOp &op = plan.ops[event.op];
      if (op.location != UINT32_MAX)
        json.attribute("line", plan.locations[op.location].line);
      if (!event.draw.empty())
        json.attribute("draw", event.draw);
      writeMeta(json, plan, op);
      json.attribute("ok", event.ok);
    });
  });
}

static void writeRowName(llvm::json::OStream &json, int64_t row, const std::string &name) {
  json.object([&] {
    json.attribute("name", "thread_name");
    json.attribute("ph", "M");
    json.attribute("pid", 1);
    json.attribute("tid", row);
    json.attributeObject("args", [&] { json.attribute("name", name); });
  });
}

std::string runner::printTrace(const PlanView &plan, const RunReport &report) {
  std::vector<TraceEvent> events = report.trace;
  std::stable_sort(events.begin(), events.end(), [](auto &a, auto &b) { return a.start < b.start; });
  Lanes lanes;
  std::vector<bool> workerSeen;
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  json.object([&] {
    json.attribute("displayTimeUnit", "ms");
    json.attributeArray("traceEvents", [&] {
      for (const TraceEvent &event : events) {
        int64_t row = event.worker;
        if (event.world) {
          row = firstLane + static_cast<int64_t>(lanes.take(event));
        } else {
          workerSeen.resize(std::max<size_t>(workerSeen.size(), event.worker + 1u));
          workerSeen[event.worker] = true;
        }
        writeEvent(json, plan, event, row);
      }
      for (size_t w = 0; w < workerSeen.size(); ++w)
        if (workerSeen[w])
          writeRowName(json, static_cast<int64_t>(w), "worker " + std::to_string(w));
      for (size_t l = 0; l < lanes.count(); ++l)
        writeRowName(json, firstLane + static_cast<int64_t>(l), "in flight " + std::to_string(l));
    });
  });
  out << '\n';
  return redactJson(std::move(text), report.secrets);
}
