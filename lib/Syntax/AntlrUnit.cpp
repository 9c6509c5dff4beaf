// The only translation unit that includes ANTLR. It includes the generated parser, provides its lean base and
// its error recovery, and lets no exception out.
#include "Syntax/AntlrUnit.h"
#include "Syntax/AntlrExpected.h"
#include "Syntax/AntlrParser.h"
#include "Syntax/Recovery.h"
#include <Xir.cpp>

using namespace xcs;

// Token.h repeats the numbers of XirLexer.g4; tests check those in between.
static_assert(static_cast<size_t>(TokenKind::Module) == Xir::MODULE);
static_assert(static_cast<size_t>(TokenKind::LParen) == Xir::LPAREN);
static_assert(static_cast<size_t>(TokenKind::Caret) == Xir::CARET);
static_assert(static_cast<size_t>(TokenKind::Unclosed) == Xir::UNCLOSED);
static_assert(static_cast<size_t>(TokenKind::Unknown) == Xir::UNKNOWN);
static_assert(static_cast<size_t>(TokenKind::End) == antlr4::Token::EOF);

// Expected words: a walk over the automaton that ANTLR keeps for the grammar.

ExpectedWords::ExpectedWords(const antlr4::atn::ATN &automaton, std::vector<std::string_view> ruleWords)
    : automaton(automaton), ruleWords(std::move(ruleWords)) {}

/// Whether the parser, in this state, has read nothing of the state's rule.
bool ExpectedWords::atRuleStart(antlr4::atn::ATNState *state) const {
  std::vector<antlr4::atn::ATNState *> reached{automaton.ruleToStartState[state->ruleIndex]};
  for (size_t i = 0; i < reached.size(); ++i)
    for (const antlr4::atn::Transition *transition : reached[i]->transitions)
      if (transition->isEpsilon() && transition->target->ruleIndex == state->ruleIndex &&
          std::ranges::find(reached, transition->target) == reached.end())
        reached.push_back(transition->target);
  return std::ranges::find(reached, state) != reached.end();
}

bool ExpectedWords::add(antlr4::atn::ATNState *state) {
  if (std::string_view words = ruleWords[state->ruleIndex]; !words.empty() && atRuleStart(state)) {
    addWords(words);
    return false;
  }
  bool ends = false;
  std::vector<bool> seen(automaton.states.size());
  pending.push_back(state);
  while (!pending.empty()) {
    antlr4::atn::ATNState *at = pending.back();
    pending.pop_back();
    if (at->getStateType() == antlr4::atn::ATNState::RULE_STOP) {
      ends = true;
      continue;
    }
    if (seen[at->stateNumber])
      continue;
    seen[at->stateNumber] = true;
    for (size_t i = at->transitions.size(); i--;)
      if (at->transitions[i]->isEpsilon())
        follow(*at->transitions[i]);
    for (const antlr4::atn::Transition *transition : at->transitions)
      if (!transition->isEpsilon())
        for (ssize_t kind : transition->label().toList())
          addWords(wordsFor(static_cast<TokenKind>(kind)));
  }
  return ends;
}

void ExpectedWords::follow(const antlr4::atn::Transition &transition) {
  if (transition.getSerializationType() == antlr4::atn::Transition::RULE) {
    // No rule of the grammar is empty, so what follows it is irrelevant.
    std::string_view words =
        ruleWords[static_cast<const antlr4::atn::RuleTransition &>(transition).ruleIndex];
    if (!words.empty())
      return addWords(words);
  }
  pending.push_back(transition.target);
}

void ExpectedWords::addWords(std::string_view words) {
  if (std::ranges::find(found, words) == found.end())
    found.push_back(words);
}

std::string ExpectedWords::text() const {
  std::string out;
  for (size_t i = 0; i < found.size(); ++i) {
    if (i)
      out += i + 1 == found.size() ? " or " : ", ";
    out += found[i];
  }
  return out;
}

static std::vector<std::string_view> wordsForRules() {
  std::vector<std::string_view> words(Xir::RuleWord + 1);
  words[Xir::RuleDeclaration] = "a resource such as `model @name {..}`";
  words[Xir::RuleOperation] = "an operation";
  words[Xir::RuleOperationHead] = "the name of an operation";
  words[Xir::RuleType] = "a type";
  words[Xir::RuleTypeArgument] = "a type";
  words[Xir::RuleKey] = "the name of an attribute";
  words[Xir::RuleLiteral] = "a literal";
  words[Xir::RuleWord] = "a name";
  return words;
}

// LeanParser.

void LeanParser::connect(TokenStream &tokens, IrActions &actions, SyntaxErrors &reporter) {
  input.tokens = &tokens;
  ir = &actions;
  errors = &reporter;
  // A level needs at most three rules (literal, attrs, entry); a dozen more enclose them or are inside them.
  _tracker.memory.resize((tokens.deepest() * 3 + 16) * sizeof(LeanContext));
}

void LeanParser::mismatch() {
  if (errors->wanted()) {
    size_t rule = getATN().states[stateNumber]->ruleIndex;
    bool between = rule == Xir::RuleRegion || rule == Xir::RuleItems;
    // Beyond the cap the words are not shown.
    errors->unexpected(errors->shown() ? expectedHere() : std::string(),
                       between ? SyntaxErrors::Where::Between : SyntaxErrors::Where::Within,
                       rule == Xir::RuleRegion ? unclosedHere() : std::nullopt);
  }
  throw SyntaxError();
}

void LeanParser::tooDeep() {
  errors->tooDeep();
  throw SyntaxError();
}

std::string LeanParser::expectedHere() const {
  const antlr4::atn::ATN &automaton = getATN();
  ExpectedWords words(automaton, wordsForRules());
  for (size_t i = 0; i < choiceCount; ++i)
    words.add(automaton.states[choices[i]]);
  bool ends = words.add(automaton.states[stateNumber]);
  // Where the rule may end, what follows it in the enclosing rule was possible too.
  for (const LeanContext *context = _ctx; ends && context; context = context->parent) {
    const antlr4::atn::Transition &call = *automaton.states[context->invokingState]->transitions[0];
    if (call.getSerializationType() != antlr4::atn::Transition::RULE) // called from resumeItem or the like
      break;
    ends = words.add(static_cast<const antlr4::atn::RuleTransition &>(call).followState);
  }
  return words.text();
}

std::optional<xcs::Token> LeanParser::unclosedHere() {
  bool outside = current().kind == TokenKind::End || current().kind == TokenKind::Func;
  return outside ? ir->innermostBrace() : std::nullopt;
}

// Error recovery. Each of these is called from the `catch` of a rule and leaves the tokens where the
// enclosing rule can continue.

void Xir::resumeItems() {
  skipToItem(tokens());
  tokens().setNesting(0);
}

// A function whose head is broken still has a body worth reading; everything else is skipped.
void Xir::resumeItem() {
  ir->itemFailed();
  if (!ir->inFunction())
    return resumeItems();
  unsigned openBraces = 0;
  Landmark next = skipToLandmark(tokens(), openBraces);
  bool body = next == Landmark::Region || next == Landmark::Operation;
  if (next == Landmark::Region)
    consume();
  if (body)
    region();
  ir->endFunction();
  if (!body)
    return resumeItems();
  tokens().setNesting(0);
}

// Regions of a broken operation are read, so that errors in them are reported too. Brackets it left open are
// forgotten: `nesting` is the depth at its beginning.
void Xir::resumeOperation(size_t nesting) {
  unsigned openBraces = ir->attrs.openDicts();
  ir->operationFailed();
  while (skipToLandmark(tokens(), openBraces) == Landmark::Region) {
    consume();
    ir->beginRegion(previous());
    region();
    ir->endRegion();
  }
  ir->endOperation();
  tokens().setNesting(nesting);
}

// Something between the operations is not one, or the list of arguments is broken: continues up to the
// region's end.
void Xir::resumeRegion() {
  ir->regionFailed();
  unsigned openBraces = 0;
  while (true) {
    switch (skipToLandmark(tokens(), openBraces)) {
    case Landmark::Operation:
      while (current().kind == TokenKind::Value || current().kind == TokenKind::Name)
        operation();
      if (current().kind != TokenKind::RBrace)
        errors->unexpected("an operation or `}`", SyntaxErrors::Where::Between, unclosedHere());
      break;
    case Landmark::Region: // braces without an operation: their content is read as if they were absent
      consume();
      ++openBraces;
      break;
    case Landmark::Close:
      consume();
      return;
    case Landmark::Item:
    case Landmark::End:
      errors->unexpected("`}`", SyntaxErrors::Where::Between, ir->innermostBrace());
      return;
    }
  }
}

void xcs::readByGrammar(TokenStream &tokens, IrActions &actions, SyntaxErrors &errors) {
  try {
    Xir parser(nullptr);
    parser.connect(tokens, actions, errors);
    parser.file();
    while (!parser.reachedEnd())
      parser.items();
  } catch (const std::exception &error) { // out of memory
    errors.cannotRead(error.what());
  }
}
