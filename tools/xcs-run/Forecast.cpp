#include "xcs-run/Forecast.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Counted.h"

using namespace xcs;
using namespace xcs::runner;

void Forecast::add(uint32_t op, const std::string &at, JournalMeaning meaning) {
  MutexLock lock(mutex);
  Counts &own = counts[op];
  ++own.of[static_cast<size_t>(meaning)];
  static constexpr uint64_t shown = 3;
  if (meaning == JournalMeaning::InDoubt && own.of[static_cast<size_t>(meaning)] <= shown)
    own.doubts += (own.doubts.empty() ? "" : ", ") + at;
}

std::string Forecast::meaningText(const Counts &own) const {
  static constexpr std::string_view words[meanings] = {
      "journalled",
      "will run",
      "will run again, since no result was recorded",
      "will run again, since it failed",
      "waits, since it lost a race",
      "in doubt, since it had started and no result was recorded",
  };
  std::string out;
  for (size_t i = 0; i < meanings; ++i)
    if (own.of[i])
      out += (out.empty() ? "" : "; ") + std::to_string(own.of[i]) + " " + std::string(words[i]);
  return own.doubts.empty() ? out : out + ": " + own.doubts;
}

std::string Forecast::text(const PlanView &plan, std::string_view planName) const {
  std::string out;
  MutexLock lock(mutex);
  for (uint32_t i = 0; i < plan.ops.size(); ++i) {
    const PlanOp &op = plan.ops[i];
    if (rowOf(op.code).form != OpForm::World || op.code == OpCode::log_print)
      continue;
    if (op.location == UINT32_MAX) {
      out += planName;
    } else {
      const PlanLocation &at = plan.locations[op.location];
      out += std::string(plan.constants.text(at.file)) + ":" + std::to_string(at.line) + ":" +
             std::to_string(at.column);
    }
    const auto own = counts.find(i);
    out += ": " + std::string(rowOf(op.code).name) + ": " +
           (own == counts.end() ? "not reached before what will run" : meaningText(own->second)) + "\n";
  }
  return out;
}
