#pragma once
// Seen by AntlrUnit.cpp alone.
#include "antlr4-runtime.h"
#include <string>
#include <vector>

namespace xcs {

/// Says in words what the grammar allows in some states of its automaton. A rule that has a name a reader of
/// XIR knows
/// ("a type") is named and not taken apart.
class ExpectedWords {
public:
  /// `ruleWords` has the words of each rule; empty: take the rule apart.
  ExpectedWords(const antlr4::atn::ATN &automaton, std::vector<std::string_view> ruleWords);

  /// Adds what `state` allows within its rule; says whether the rule may end there.
  bool add(antlr4::atn::ATNState *state);
  /// "A", "A or B", "A, B or C"; in the order in which the grammar has them.
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
