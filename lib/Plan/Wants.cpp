#include "Plan/Wants.h"

#include "Plan/PlanText.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Plan/PlanConstants.h"
#include "xcs/Support/HostPort.h"
#include "xcs/Support/ShellWord.h"
#include "xcs/Support/Visible.h"

#include <unordered_map>
#include <unordered_set>

using namespace xcs;
using namespace xcs::planformat;

namespace {
class Collector {
public:
  explicit Collector(const PlanView &plan) : plan(plan), c(plan.constants), constants(plan) {}

  std::vector<Want> run();

private:
  /// The target of a request: a host, or a placeholder, and its text, which is safe to show.
  struct Host {
    std::string grant, told;
    bool isKnown = true;
  };
  /// `grant` is the value of the flag, to be quoted for a shell; `what` and `by` are safe to show. No flag:
  /// the command line cannot grant it.
  void add(std::string what, std::string_view flag, std::string_view grant, std::string_view by,
           bool isKnown = true);
  Host hostOf(AttrId url, std::string_view by);
  Host hostOf(std::string_view url);
  void variable(std::string_view name, std::string_view by);
  void connect(const Host &host, std::string_view by);
  void secrets(AttrId attr, const Host &host, std::string_view by);
  Host useResource(uint32_t index);
  void useOperation(uint32_t region, const PlanOp &op);
  void useNet(uint32_t region, const PlanOp &op, const std::string &by);
  void useFile(std::string_view verb, std::string_view flag, const std::string &path, std::string_view by);
  void useProgram(uint32_t region, const PlanOp &op, const std::string &by);
  std::string programOf(uint32_t region, const PlanOp &op) const;
  void findPacks(uint32_t region);

  const PlanView &plan;
  const ConstantView &c;
  PlanConstants constants;
  std::unordered_map<uint32_t, const PlanOp *> packs; // of the current region: what packs a list, by its slot
  std::vector<Want> wants;
  std::unordered_map<std::string, size_t> indices; // of wants, by flag and text
  std::unordered_set<std::string> seen;            // a want and what needs it
};
} // namespace

void Collector::add(std::string what, std::string_view name, std::string_view grant, std::string_view by,
                    bool isKnown) {
  std::string flag = name.empty() ? std::string() : std::string(name) + shellWord(grant);
  auto [found, isNew] = indices.try_emplace(flag + '\n' + what, wants.size());
  if (isNew)
    wants.push_back({std::move(what), std::move(flag), isKnown, {}});
  if (!seen.insert(std::to_string(found->second) + '\n' + std::string(by)).second)
    return;
  Want &want = wants[found->second];
  if (want.by.size() < Want::named)
    want.by.emplace_back(by);
  else
    ++want.others;
}

Collector::Host Collector::hostOf(std::string_view url) {
  auto read = readUrl(url);
  if (!read)
    return {"HOST", "a host whose URL in the plan no run accepts: " + std::string(read.error()), false};
  const std::string host = read->written.text();
  return {host, visible(host)};
}

Collector::Host Collector::hostOf(AttrId url, std::string_view by) {
  if (!url)
    return {"HOST", "a host that is known at run time", false};
  if (c.attr(url).kind != AttrKind::Env)
    return hostOf(c.textAttr(url));
  std::string name(c.textAttr(url));
  variable(name, by);
  return {"HOST", "the host in the environment variable " + visible(name), false};
}

void Collector::variable(std::string_view name, std::string_view by) {
  add("read the environment variable " + visible(name), "--allow-env=", name, by);
}

void Collector::connect(const Host &host, std::string_view by) {
  add("connect to " + host.told, "--allow-net=", host.grant, by, host.isKnown);
}

/// A secret, or the secrets and variables in headers.
void Collector::secrets(AttrId attr, const Host &host, std::string_view by) {
  if (!attr)
    return;
  if (c.attr(attr).kind == AttrKind::Secret) {
    std::string name(c.textAttr(attr));
    add("send the secret " + visible(name) + " to " + host.told, "--allow-secret=", name + "@" + host.grant,
        by, host.isKnown);
  } else if (c.attr(attr).kind == AttrKind::Env) {
    variable(c.textAttr(attr), by);
  } else if (c.attr(attr).kind == AttrKind::Dict) {
    for (const DictEntry &entry : c.entries(DictId(static_cast<uint32_t>(c.attr(attr).payload))))
      if (c.attr(entry.value).kind != AttrKind::Dict) // headers do not nest
        secrets(entry.value, host, by);
  }
}

Collector::Host Collector::useResource(uint32_t index) {
  const PlanResource &resource = plan.resources[index];
  std::string by = std::string(rowOf(resource.kind).name) + " @" + std::string(c.text(resource.symbol));
  Host host = hostOf(c.find(resource.dict, Attribute::url), by);
  connect(host, by);
  secrets(c.find(resource.dict, Attribute::key), host, by);
  secrets(c.find(resource.dict, Attribute::headers), host, by);
  return host;
}

void Collector::findPacks(uint32_t region) {
  packs.clear();
  for (const PlanOp &op : opsOfRegion(plan, region))
    if (op.code == OpCode::list_pack && op.operandCount)
      packs.emplace(op.resultSlot, &op);
}

void Collector::useOperation(uint32_t region, const PlanOp &op) {
  const OpRow &row = rowOf(op.code);
  std::string place = locationText(plan, op.location);
  std::string by = std::string(row.name) + (place.empty() ? "" : " at " + place);
  switch (row.capability) {
  case Capability::None:
    if (op.code == OpCode::ask_human)
      add("ask a person `" + visible(c.textAttr(plan.attrsOf(op)[attrRow<OpCode::ask_human>("name")])) + "`",
          {}, {}, by, false);
    return;
  case Capability::Net:
    useNet(region, op, by);
    return;
  case Capability::Env:
    if (std::string name = constants.textOf(region, op, 0); !name.empty())
      variable(name, by);
    else
      add("read an environment variable that is known at run time", "--allow-env=", "NAME", by, false);
    return;
  case Capability::Read:
  case Capability::Write:
    for (const PathOperand &path : pathOperands(op.code))
      useFile(path.writes ? "write" : "read",
              path.writes ? "--allow-write=" : "--allow-read=", constants.textOf(region, op, path.operand),
              by);
    return;
  case Capability::Run:
    useProgram(region, op, by);
    return;
  case Capability::Host:
    add("call the function `" +
            visible(c.textAttr(plan.attrsOf(op)[attrRow<OpCode::host_call>("function")])) +
            "` of the program that runs the plan, which must give it",
        {}, {}, by, false);
    return;
  }
}

void Collector::useFile(std::string_view verb, std::string_view flag, const std::string &path,
                        std::string_view by) {
  std::string what = path.empty() ? "a file that is known at run time" : "`" + visible(path) + "`";
  add(std::string(verb) + " " + what, flag, path.empty() ? "PATH" : path, by, !path.empty());
}

/// The name of the program is the first text of a constant list, or of a list packed in the region.
std::string Collector::programOf(uint32_t region, const PlanOp &op) const {
  const uint32_t slot = plan.operandsOf(op)[0];
  AttrId name = constants.of(region, slot);
  if (name && c.attr(name).kind == AttrKind::List && !c.items(name).empty())
    name = c.items(name)[0];
  if (auto pack = packs.find(slot); !name && pack != packs.end())
    name = constants.of(region, plan.operandsOf(*pack->second)[0]);
  return name && c.attr(name).kind == AttrKind::Str ? std::string(c.textAttr(name)) : std::string();
}

void Collector::useProgram(uint32_t region, const PlanOp &op, const std::string &by) {
  std::string name = programOf(region, op);
  const std::string grant = name.empty() ? "PROG" : name;
  const std::string told = name.empty() ? "a program that is known at run time" : "`" + visible(name) + "`";
  add("run " + told + ", which can then do anything", "--allow-run=", grant, by, !name.empty());
  Host program{"run:" + grant, told, !name.empty()};
  for (AttrId attr : plan.attrsOf(op))
    secrets(attr, program, by);
}

void Collector::useNet(uint32_t region, const PlanOp &op, const std::string &by) {
  Host host;
  if (op.target != UINT32_MAX && symbolUse(op.code) != SymbolUse::Function) {
    host = useResource(op.target);
  } else {
    host = hostOf(op.operandCount ? constants.of(region, plan.operandsOf(op)[0]) : AttrId(), by);
    connect(host, by);
  }
  for (AttrId attr : plan.attrsOf(op))
    secrets(attr, host, by);
}

std::vector<Want> Collector::run() {
  for (uint32_t r = 0; r < plan.regions.size(); ++r) {
    findPacks(r);
    for (const PlanOp &op : opsOfRegion(plan, r))
      useOperation(r, op);
  }
  return std::move(wants);
}

std::vector<Want> planformat::wantsOf(const PlanView &plan) { return Collector(plan).run(); }
