#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Ops/Fold.h"

namespace xcs {

/// The meaning of a program, as plainly as it can be written: operations one after another in program order,
/// pure ones by their kernels, the world replaced by one that answers from the request alone and keeps a list
/// of what it was asked. What a pass may change and what not is tested against it. For tests: recursion
/// follows the program's nesting. What runs side by side runs in order, so of a race the first regions win.
class Interpreter {
public:
  explicit Interpreter(const Module &module) : module(module), view(module.pool.view()) {
    limits.set(Limit::ValueBytes, 1u << 16);
  }

  struct Outcome {
    std::vector<Value> results;
    std::string error; // empty: it went well
  };
  Outcome call(size_t function, std::vector<Value> arguments);

  /// Whether a run took too many steps or made too large a value: then it says nothing about the program.
  bool gaveUp = false;

  // What the world saw, in program order.
  std::vector<std::string> writes, draws, reads, lines;

private:
  /// One activation of a function; values of its regions are set again and again.
  struct Frame {
    const Function &function;
    std::vector<Value> values; // by ValueRef
  };
  bool runRegion(Frame &frame, RegionId region, std::vector<Value> &results);
  bool runOperation(Frame &frame, OpId op);
  bool runPure(Frame &frame, OpId op);
  bool runWorld(Frame &frame, OpId op);
  bool runMap(Frame &frame, OpId op);
  bool runLoop(Frame &frame, OpId op);
  bool runWhile(Frame &frame, OpId op);
  bool runReduce(Frame &frame, OpId op);
  bool runChoosing(Frame &frame, OpId op);
  bool runRace(Frame &frame, OpId op);
  bool runBody(Frame &frame, RegionId region, const std::vector<Value> &arguments,
               std::vector<Value> &results);
  RegionId takenBy(Frame &frame, OpId op);
  bool runControl(Frame &frame, OpId op);
  bool runCall(Frame &frame, OpId op);
  const Value &operand(Frame &frame, OpId op, size_t i);
  void setResults(Frame &frame, OpId op, std::vector<Value> values);
  bool fail(std::string message);

  const Module &module;
  ConstantView view;
  Limits limits;
  std::string error;
  size_t stepsLeft = 100000;
};

} // namespace xcs
