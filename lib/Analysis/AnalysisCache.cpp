#include "xcs/Analysis/AnalysisCache.h"

using namespace xcs;

const EffectAnalysis &AnalysisCache::effects() {
  if (!effectAnalysis) {
    effectAnalysis = std::make_unique<EffectAnalysis>(of);
    ++count;
  }
  return *effectAnalysis;
}

const std::vector<FunctionGraphs> &AnalysisCache::graphs() {
  if (!functionGraphs) {
    functionGraphs = std::make_unique<std::vector<FunctionGraphs>>(buildGraphs(of, effects()));
    ++count;
  }
  return *functionGraphs;
}

const CostAnalysis &AnalysisCache::costs() {
  if (!costAnalysis) {
    costAnalysis = std::make_unique<CostAnalysis>(of, graphs());
    ++count;
  }
  return *costAnalysis;
}

const PathAfter &AnalysisCache::pathAfter() {
  if (!paths) {
    paths = std::make_unique<PathAfter>(of, graphs(), costs());
    ++count;
  }
  return *paths;
}

const ValueUses &AnalysisCache::uses(size_t function) {
  valueUses.resize(of.functions.size());
  std::unique_ptr<ValueUses> &uses = valueUses[function];
  if (!uses) {
    uses = std::make_unique<ValueUses>(*of.functions[function]);
    ++count;
  }
  return *uses;
}

void AnalysisCache::invalidate(Change change) {
  switch (change) {
  case Change::Nothing:
  case Change::Facts:
    return; // no analysis reads a fact
  case Change::Program:
    break;
  }
  // Users first: graphs refer to effects, costs to graphs.
  valueUses.clear();
  paths.reset();
  costAnalysis.reset();
  functionGraphs.reset();
  effectAnalysis.reset();
}

bool AnalysisCache::isFresh() {
  if (valueUses.size() > of.functions.size())
    return false;
  for (size_t f = 0; f != valueUses.size(); ++f)
    if (valueUses[f] && !(*valueUses[f] == ValueUses(*of.functions[f])))
      return false;
  if (!effectAnalysis)
    return true;
  AnalysisCache anew(of);
  return *effectAnalysis == anew.effects() && (!functionGraphs || *functionGraphs == anew.graphs()) &&
         (!costAnalysis || *costAnalysis == anew.costs()) && (!paths || *paths == anew.pathAfter());
}
