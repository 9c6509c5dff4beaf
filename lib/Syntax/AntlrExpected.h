#pragma once
// Included only by AntlrUnit.cpp.
#include "antlr4-runtime.h"
#include <string>
#include <vector>

namespace xcs {

/// Describes in words what the grammar allows in some states of its automaton. A rule whose name is known to
/// readers of XIR ("a type") is named and not expanded.
class ExpectedWords {
public:
  /// `ruleWords` has the words of each rule; empty: expand the rule.
  ExpectedWords(const antlr4::atn::ATN &automaton, std::vector<std::string_view> ruleWords);

  /// Adds what `state` allows within its rule; returns whether the rule may end there.
  bool add(antlr4::atn::ATNState *state);
  /// "A", "A or B", "A, B or C"; in the order of the grammar.
  std::string text() const;

private:
  bool atRuleStart(antlr4::atn::ATNState *state) const;
  void addWords(std::string_view words);
  void follow(const antlr4::atn::Transition &transition);

  const antlr4::atn::ATN &automaton;
  std::vector<std::string_view> ruleWords;
  std::vector<std::string_view> found;
  std::vector<antlr4::atn::ATNState *> pending;
};

} // namespace xcs
