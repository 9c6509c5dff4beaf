#pragma once
#include "xcs/Ops/OpTable.h"
#include <string>
#include <vector>

namespace xcs::wrappers {

/// A parameter of a function.
struct Parameter {
  std::string declared; // `const Str &text`
  std::string operand;  // what makes its operand; of several, a loop over the parameter
  std::string sample;   // an argument for the test that calls every function
  bool isMany = false;
};

/// A function of C++ for an operation: one for each number of optional operands.
struct Shape {
  OpCode code{};
  std::vector<std::string> given;    // template parameters that a call gives, `class T = Str`
  std::vector<std::string> samples;  // arguments for them
  std::vector<std::string> deduced;  // those that follow from arguments
  std::string resource;              // `Model`, `Http`, or empty
  std::vector<Parameter> parameters; // of operands
  std::vector<AttrRow> required;     // attributes that follow them
  std::string result;                // `List<T>`
};

/// Whether a function is written by hand, in Combinators.h or HostOp.h.
bool isByHand(OpCode code);
/// All functions of an operation. Empty: it has a form that is not known here.
std::vector<Shape> shapesOf(OpCode code);

} // namespace xcs::wrappers
