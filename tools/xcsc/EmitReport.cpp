#include "xcs/Patterns/Pattern.h"
#include "xcs/Support/Counted.h"
#include "xcsc/Emit.h"
#include "xcsc/GraphFacts.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <numeric>

using namespace xcs;
using namespace xcs::compiler;

namespace {

/// Writes the summary of a module.
class Report {
public:
  Report(Module &module, llvm::raw_ostream &out)
      : module(module), out(out), facts(module),
        matches(PatternLibrary::builtin().matchAll(facts.analyses())) {}

  void printHead(std::optional<unsigned> level);
  void printFunction(size_t f);
  void printCounters(std::span<const PassContext::Counter> counters);

private:
  void printSize(size_t f);
  void printShape(const RegionFacts &body);
  void printCriticalPath(size_t f, const RegionFacts &body);
  void printPatterns(size_t f);

  Module &module;
  llvm::raw_ostream &out;
  GraphFacts facts;
  std::vector<PatternMatch> matches;
};

} // namespace

void Report::printHead(std::optional<unsigned> level) {
  out << (module.name ? "module @" + std::string(module.pool.text(module.name)) : std::string("module"))
      << ": " << counted(module.functions.size(), "function") << ", "
      << counted(module.resources.size(), "resource");
  if (level)
    out << ", optimised at -O" << *level;
  out << '\n';
  for (const Resource &resource : module.resources)
    out << "  " << rowOf(resource.kind).name << " @" << module.pool.text(resource.symbol) << '\n';
}

void Report::printSize(size_t f) {
  size_t operations = 0, edges = 0, order = 0;
  std::span<const RegionId> regions = facts.graphs(f).regions();
  for (RegionId region : regions) {
    DependencyGraph graph = facts.graphs(f).of(region);
    operations += graph.size();
    edges += graph.edgeCount();
    for (uint32_t node = 0; node < graph.size(); ++node)
      for (size_t i = 0; i < graph.successors(node).size(); ++i)
        order += graph.edgeKind(node, i) == EdgeKind::Order;
  }
  out << "  " << counted(operations, "operation") << " in " << counted(regions.size(), "region") << ", "
      << counted(edges - order, "data edge") << ", " << counted(order, "order edge") << '\n';
}

void Report::printShape(const RegionFacts &body) {
  std::vector<size_t> width(body.levels.depth, 0);
  for (uint32_t level : body.levels.asap)
    ++width[level];
  double serial = std::accumulate(body.costs.begin(), body.costs.end(), 0.0);
  out << "  " << counted(body.levels.depth, "level") << ", at most "
      << (width.empty() ? 0 : *std::max_element(width.begin(), width.end())) << " side by side\n";
  out << "  critical path " << timeText(body.levels.criticalPath) << ", sequential " << timeText(serial);
  if (body.levels.criticalPath > 0)
    out << llvm::format(": %.2f times as fast in parallel", serial / body.levels.criticalPath);
  out << '\n';
}

void Report::printCriticalPath(size_t f, const RegionFacts &body) {
  static constexpr size_t shown = 20;
  const std::vector<uint32_t> &way = body.levels.criticalNodes;
  if (way.empty())
    return;
  out << "  along the critical path:\n";
  for (size_t i = 0; i < way.size(); ++i) {
    if (way.size() > shown && i == shown / 2) {
      out << "    ... " << way.size() - shown << " more\n";
      i = way.size() - shown / 2;
    }
    OpId op = body.graph.operation(way[i]);
    out << "    " << facts.nodeText(f, op) << "  " << timeText(body.costs[way[i]]);
    if (uint32_t line = facts.line(f, op))
      out << "  line " << line;
    if (std::string meta = facts.metaText(f, op); !meta.empty())
      out << "  " << meta;
    out << '\n';
  }
}

void Report::printPatterns(size_t f) {
  bool any = false;
  for (const PatternMatch &match : matches) {
    if (match.function != f)
      continue;
    if (!any)
      out << "  patterns:\n";
    any = true;
    out << "    " << match.pattern << ": " << match.summary << '\n';
  }
}

void Report::printFunction(size_t f) {
  const Function &function = *module.functions[f];
  RegionFacts body = facts.of(f, function.body);
  out << '\n' << facts.headText(f) << '\n';
  printSize(f);
  printShape(body);
  printCriticalPath(f, body);
  printPatterns(f);
}

void Report::printCounters(std::span<const PassContext::Counter> counters) {
  if (counters.empty())
    return;
  out << "\npasses:\n";
  for (const PassContext::Counter &counter : counters)
    out << "  " << counter.pass << ": " << counter.value << ' ' << counter.what << '\n';
}

void compiler::printReport(Module &module, std::optional<unsigned> level,
                           std::span<const PassContext::Counter> counters, llvm::raw_ostream &out) {
  Report report(module, out);
  report.printHead(level);
  for (size_t f = 0; f < module.functions.size(); ++f)
    report.printFunction(f);
  report.printCounters(counters);
  out << "\nTimes come from the operation table and from `hint.latency`; each region counts once, or as "
         "often as `hint.trips` says.\n";
}
