#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Ops/Kernel.h"
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// The meaning of the language, as plainly as it can be written: docs/LangRef.md as a program. Operations run
/// one after another in program order; nothing is clever, nothing is fast, nothing is shared with the
/// executor but values and, where a second implementation would show nothing (SHA-256, RE2, JSON Schema,
/// ...), the kernels behind an operation. For tests: recursion follows the program's nesting.
namespace xcs::reference {

/// How an operation failed. The wording of messages is no part of the language's meaning and is left out.
struct FailedOp {
  Diag id{};
  std::string op; // its name
  LineColumn at;
  std::vector<uint32_t> indices; // the iterations around it, outermost first
  bool wasCalled = false;        // it came out of a call
};

/// What is around a program: the directory it runs in, its environment, the seed of its draws.
struct World {
  std::map<std::string, std::string> files; // content by normal path
  std::set<std::string> directories{"."};
  std::map<std::string, std::string> environment; // what is set
  std::set<std::string> readable;                 // which variables are granted
  std::set<std::string> programs;                 // which are granted
  uint64_t seed = 0;
};

/// One execution of an operation without regions.
struct Call {
  const Module &module;
  const Operation &op;
  ConstantView view;
  std::vector<Value> operands;
  std::vector<TypeId> types; // of the operands
  TypeId resultType;
  World &world;
  std::string draw; // the identity of this execution of a `random.*`: calls and iterations
  std::optional<Diag> failed;
  bool gaveUp = false; // this says nothing about the program: it is too large, or a matter of rounding

  const Value &operator[](size_t i) const { return operands[i]; }
  size_t size() const { return operands.size(); }
  bool b(size_t i) const { return operands[i].asBool(); }
  int64_t i(size_t k) const { return operands[k].asI64(); }
  double f(size_t k) const { return operands[k].asF64(); }
  std::string s(size_t k) const { return std::string(operands[k].text()); }
  std::vector<Value> list(size_t k) const { return {operands[k].items().begin(), operands[k].items().end()}; }
  AttrId attr(std::string_view name) const { return view.find(op.attributes, name); }
  bool flag(std::string_view name) const;
  std::string text(std::string_view name) const { return std::string(view.textAttr(attr(name))); }
  Value fail(Diag id) {
    failed = id;
    return Value();
  }
  /// The operand at `k` as a list position from 0 to `end`; fails otherwise.
  bool position(size_t k, size_t end, size_t &out);
  /// The part of something of `size` that the operands 1 and 2 (its end when missing) ask for.
  bool range(size_t size, size_t &first, size_t &last);
};

using Meaning = Value (*)(Call &);
struct MeaningRow {
  OpCode code;
  Meaning meaning;
};
/// What the operations of some dialects mean. What no table has is asked of the kernel.
std::span<const MeaningRow> numberMeanings();
std::span<const MeaningRow> textMeanings();
std::span<const MeaningRow> dataMeanings();
std::span<const MeaningRow> dictMeanings();
std::span<const MeaningRow> jsonMeanings();
std::span<const MeaningRow> worldMeanings();

Value listOf(std::vector<Value> items);
Value recordOf(std::vector<Value> fields);
inline Value someOf(std::optional<Value> v) { return v ? Value::some(*v) : Value::optionNone(); }
/// Whether two values of one type are equal as the language says: nan differs from itself, `1` is `1.0` in
/// JSON.
bool equal(const Value &a, const Value &b);
/// Less, equal, greater: -1, 0, 1; nan behind all numbers.
int order(const Value &a, const Value &b);
/// The indices of `keys` from the least on, or from the greatest; equal ones in their order, nan last.
std::vector<size_t> sortedOrder(const std::vector<Value> &keys, bool descending);
/// Code points, and back.
std::u32string decode(std::string_view text);
std::string encode(const std::u32string &text);
/// Whether bytes are a text: code points without surrogates, each in its shortest form.
bool isUtf8(const std::string &bytes);
/// A typed value as JSON. `strict`: false where it has no JSON form.
bool toJson(const ConstantView &view, const Value &value, TypeId type, bool strict, Value &out);
std::string writeJson(const Value &json, bool pretty, size_t indent = 0);

/// Runs a function of a verified module.
class Interpreter {
public:
  Interpreter(const Module &module, World &world);

  struct Outcome {
    std::vector<Value> results;
    std::optional<FailedOp> failure;
  };
  Outcome run(size_t function, std::vector<Value> arguments);

  /// The run took too long, made too large a value, or its outcome is a matter of time (who is first in a
  /// race): it says nothing about the program.
  bool gaveUp = false;
  /// Some operation failed, caught or not: what stands behind it may have been done all the same.
  bool lostSome = false;
  /// Lines of `log.print`, by the activation that printed them.
  std::map<size_t, std::vector<std::string>> lines;
  /// The operations that ended well.
  std::set<OpCode> ran;

private:
  struct Frame {
    size_t function;
    const ComputationGraph &graph;
    std::vector<Value> values; // by ValueRef; those of regions are set again and again
  };
  using Values = std::vector<Value>;
  bool region(Frame &frame, RegionId region, const Values &arguments, Values &results);
  bool iteration(Frame &frame, RegionId region, size_t index, const Values &arguments, Values &results);
  bool operation(Frame &frame, OpId op);
  bool plain(Frame &frame, OpId op);
  bool log(Frame &frame, OpId op);
  bool control(Frame &frame, OpId op, Values &results);
  bool call(Frame &frame, OpId op, Values &results);
  RegionId caseOf(Frame &frame, OpId op);
  bool attempt(Frame &frame, OpId op, Values &results);
  bool map(Frame &frame, OpId op, Values &results);
  bool choose(Frame &frame, OpId op, Values &results);
  bool race(Frame &frame, OpId op, Values &results);
  bool loop(Frame &frame, OpId op, Values &results);
  bool whileLoop(Frame &frame, OpId op, Values &results);
  bool reduce(Frame &frame, OpId op, Values &results);
  bool tree(Frame &frame, OpId op, std::span<const Value> values, size_t &pair, Value &out);
  /// Of a race or a `map {take}`: what the first `wanted` of those that ended well gave.
  bool firstOf(std::vector<std::optional<Value>> given, std::vector<FailedOp> failures, size_t wanted,
               Value &out);
  bool fail(Frame &frame, OpId op, Diag id);
  Values operandsOf(Frame &frame, OpId op);
  std::optional<int64_t> number(OpId op, Frame &frame, std::string_view attribute);
  bool flag(OpId op, Frame &frame, std::string_view attribute);
  std::string drawOf(const Frame &frame, OpId op);

  const Module &module;
  World &world;
  ConstantView view;
  std::map<std::pair<size_t, uint32_t>, std::string> names; // of draws and calls, by function and operation
  std::vector<std::string> calls;                           // the names of the calls around
  std::vector<uint32_t> iterations;                         // around, outermost first
  std::vector<uint32_t> loops;                              // the same without the regions of races
  size_t activation = 0, activations = 0;
  size_t stepsLeft = 20000;
  std::optional<FailedOp> failure;
};

} // namespace xcs::reference
