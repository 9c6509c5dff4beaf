#include "World/JournalNames.h"
#include "xcs/Ops/CanonicalBytes.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Store/Recording.h"
#include "xcs/Support/Digest.h"
#include "xcs/World/Journals.h"
#include <algorithm>

using namespace xcs;

DoubtRules::Rule DoubtRules::ruleOf(std::string_view at) const {
  const auto own = each.find(at);
  return own == each.end() ? all : own->second;
}

static std::string argumentsDigest(std::span<const Value> arguments) {
  struct Digest : CanonicalBytes {
    uint64_t digest = 0;
    void put(std::string_view bytes) override { digest = digestOf(bytes, digest); }
  } digest;
  for (const Value &argument : arguments)
    digest.value(argument);
  return shapeText(digest.digest);
}

static std::string signatureText(const PlanView &plan, uint32_t function) {
  const PlanFunction &f = plan.functions[function];
  std::string out = "(";
  for (uint32_t i = 0; i < f.parameterCount; ++i) {
    const PlanParameter &parameter = plan.parameters[f.firstParameter + i];
    out += (i ? ", " : "") + std::string(plan.constants.text(parameter.name)) + ": " +
           printType(plan.constants, parameter.type);
  }
  out += ") ->";
  for (uint32_t i = 0; i < f.resultCount; ++i)
    out += (i ? ", " : " ") + printType(plan.constants, plan.parameters[f.firstResult + i].type);
  return out;
}

JournalHead xcs::journalHead(const PlanView &plan, uint32_t function, std::span<const Value> arguments,
                             uint64_t seed) {
  return {std::string(plan.constants.text(plan.functions[function].symbol)), signatureText(plan, function),
          argumentsDigest(arguments), shapeText(plan.digest), seed};
}

std::vector<JournalEntry> xcs::openDoubts(const JournalContent &content, const DoubtRules &rules) {
  std::vector<JournalEntry> out;
  for (const auto &[key, entry] : content.entries)
    if (entry.isInDoubt() && rules.ruleOf(entry.at) == DoubtRules::Rule::Stop &&
        !rules.answers.contains(entry.at))
      out.push_back(entry);
  std::sort(out.begin(), out.end(), [](const auto &a, const auto &b) { return a.row < b.row; });
  return out;
}

std::vector<JournalEntry> xcs::strangers(const PlanView &plan, const JournalContent &content) {
  const auto names = drawNames(plan);
  std::vector<JournalEntry> out;
  for (const auto &[key, entry] : content.entries)
    if (!entry.request.empty() && !areAllIn(entry.at, names))
      out.push_back(entry);
  std::sort(out.begin(), out.end(), [](const auto &a, const auto &b) { return a.row < b.row; });
  return out;
}
