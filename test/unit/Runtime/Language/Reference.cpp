#include "Runtime/Language/Reference.h"
#include "xcs/IR/Walk.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/Fold.h"
#include <array>

using namespace xcs;
using namespace xcs::reference;

static constexpr uint64_t largestValue = 1 << 14; // bytes

bool Call::flag(std::string_view name) const {
  AttrId given = attr(name);
  return given && (view.attr(given).kind == AttrKind::Unit || view.boolAttr(given));
}

bool Call::position(size_t k, size_t end, size_t &out) {
  out = static_cast<size_t>(i(k));
  if (i(k) < 0 || out > end)
    fail(Diag::IndexOutOfRange);
  return !failed;
}

bool Call::range(size_t size, size_t &first, size_t &last) {
  last = size;
  if (!position(1, size, first) || (operands.size() > 2 && !position(2, size, last)))
    return false;
  if (last < first)
    fail(Diag::BadArgument);
  return !failed;
}

/// What a second implementation would show nothing about.
static Value byKernel(Call &c) {
  const AttrListText &rows = rowOf(c.op.code).attributes;
  std::array<AttrId, AttrListText::maxRows> attributes{};
  for (size_t i = 0; i != rows.count; ++i)
    attributes[i] = c.attr(rows.rows[i].name);
  Value result;
  OpError error;
  if (!foldPure(c.op.code, c.view, c.operands, c.types, {attributes.data(), rows.count}, c.resultType, {},
                result, error))
    return c.fail(error.id);
  return result;
}

static Meaning meaningOf(OpCode code) {
  static const std::vector<Meaning> table = [] {
    std::vector<Meaning> all(opCodeCount, byKernel);
    for (std::span<const MeaningRow> rows :
         {numberMeanings(), textMeanings(), dataMeanings(), dictMeanings(), jsonMeanings(), worldMeanings()})
      for (const MeaningRow &row : rows)
        all[static_cast<size_t>(row.code)] = row.meaning;
    return all;
  }();
  return table[static_cast<size_t>(code)];
}

namespace {
/// The names that assignDraws gave; by themselves they say nothing of the program.
struct Namer {
  const Module &module;
  size_t function;
  std::map<std::pair<size_t, uint32_t>, std::string> &names;

  void beginRegion(RegionId) {}
  void endRegion(RegionId) {}
  void endOp(OpId) {}
  bool beginOp(OpId op) {
    const StringId name = module.functions[function]->graph.drawName(op);
    names[{function, op.index}] = name ? module.pool.text(name) : "";
    return true;
  }
};
} // namespace

Interpreter::Interpreter(const Module &module, World &world)
    : module(module), world(world), view(module.pool.view()) {
  for (size_t f = 0; f != module.functions.size(); ++f) {
    Namer namer{module, f, names};
    walk(module.functions[f]->graph, module.functions[f]->body, namer);
  }
}

bool Interpreter::fail(Frame &frame, OpId op, Diag id) {
  const Operation &o = frame.graph.operation(op);
  failure = FailedOp{id, std::string(rowOf(o.code).name), module.locations.resolve(o.location), iterations};
  lostSome = true;
  return false;
}

Interpreter::Values Interpreter::operandsOf(Frame &frame, OpId op) {
  Values values;
  for (ValueRef v : frame.graph.operands(op))
    values.push_back(frame.values[v.index]);
  return values;
}

std::optional<int64_t> Interpreter::number(OpId op, Frame &frame, std::string_view attribute) {
  AttrId given = view.find(frame.graph.operation(op).attributes, attribute);
  return given ? std::optional(view.intAttr(given)) : std::nullopt;
}

bool Interpreter::flag(OpId op, Frame &frame, std::string_view attribute) {
  AttrId given = view.find(frame.graph.operation(op).attributes, attribute);
  return given && (view.attr(given).kind == AttrKind::Unit || view.boolAttr(given));
}

/// "The calls that led to it from the entry on, the iteration of each loop around it, and its name." "The
/// regions of a `race` are no iterations."
std::string Interpreter::drawOf(const Frame &frame, OpId op) {
  std::string path;
  for (const std::string &call : calls)
    path += call + "/"; // of a draw each has a name
  path += names.at({frame.function, op.index});
  path += '\0';
  for (uint64_t index : loops)
    path.append(reinterpret_cast<const char *>(&index), sizeof index);
  return path;
}

bool Interpreter::plain(Frame &frame, OpId op) {
  const Operation &o = frame.graph.operation(op);
  Call call{module, o, view, operandsOf(frame, op), {}, {}, world, drawOf(frame, op), {}};
  for (ValueRef v : frame.graph.operands(op))
    call.types.push_back(frame.graph.type(v));
  if (o.resultCount)
    call.resultType = frame.graph.type(o.firstResult);
  Value result = meaningOf(o.code)(call);
  gaveUp |= call.gaveUp || call.failed == Diag::LimitExceeded;
  if (call.failed)
    return fail(frame, op, *call.failed);
  if (o.resultCount) {
    gaveUp |= result.byteSize() > largestValue;
    frame.values[o.firstResult.index] = std::move(result);
  }
  ran.insert(o.code);
  return true;
}

/// "The operands, joined by a space, as one line", with the iterations around it in front.
bool Interpreter::log(Frame &frame, OpId op) {
  std::string prefix, line;
  for (uint32_t index : iterations)
    prefix += (prefix.empty() ? "" : ".") + std::to_string(index);
  for (const Value &v : operandsOf(frame, op))
    line += " " + std::string(v.text());
  lines[activation].push_back((prefix.empty() ? "" : "[" + prefix + "] ") +
                              (line.empty() ? "" : line.substr(1)));
  frame.values[frame.graph.operation(op).firstResult.index] = Value::none();
  ran.insert(OpCode::log_print);
  return true;
}

bool Interpreter::operation(Frame &frame, OpId op) {
  const Operation &o = frame.graph.operation(op);
  gaveUp |= stepsLeft == 0;
  if (gaveUp)
    return fail(frame, op, Diag::LimitExceeded);
  --stepsLeft;
  if (o.code == OpCode::log_print)
    return log(frame, op);
  if (rowOf(o.code).form != OpForm::Control)
    return plain(frame, op);
  Values results;
  ran.insert(o.code);
  if (!control(frame, op, results))
    return false;
  for (size_t i = 0; i != results.size(); ++i) {
    gaveUp |= results[i].byteSize() > largestValue;
    frame.values[o.firstResult.index + i] = std::move(results[i]);
  }
  return true;
}

bool Interpreter::region(Frame &frame, RegionId region, const Values &arguments, Values &results) {
  size_t outer = std::exchange(activation, ++activations);
  for (size_t i = 0; i != arguments.size(); ++i)
    frame.values[frame.graph.arguments(region)[i].index] = arguments[i];
  results.clear();
  bool fine = true;
  for (OpId op : frame.graph.region(region).body) {
    if (isTerminator(frame.graph.operation(op).code))
      results = operandsOf(frame, op);
    else if (fine = operation(frame, op); !fine)
      break;
  }
  activation = outer;
  return fine;
}

Interpreter::Outcome Interpreter::run(size_t function, std::vector<Value> arguments) {
  const Function &f = *module.functions[function];
  Frame frame{function, f.graph, Values(f.graph.valueCount())};
  Outcome outcome;
  if (!region(frame, f.body, arguments, outcome.results))
    outcome.failure = failure;
  return outcome;
}

bool Interpreter::call(Frame &frame, OpId op, Values &results) {
  calls.push_back(names.at({frame.function, op.index}));
  Outcome outcome = run(module.lookup(frame.graph.operation(op).symbol)->index, operandsOf(frame, op));
  calls.pop_back();
  if (failure)
    failure->wasCalled = true;
  results = std::move(outcome.results);
  return !outcome.failure;
}
