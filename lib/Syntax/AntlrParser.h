#pragma once
// Included only by AntlrUnit.cpp: the base of the parser that ANTLR generates from Xir.g4.
#include "Syntax/IrActions.h"
#include "Syntax/SyntaxErrors.h"
#include "antlr4-runtime.h"
#include <array>
#include <cstddef>

// This file shadows the runtime's functions on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverloaded-virtual"

namespace xcs {

/// Thrown at a syntax error, after it has been reported.
struct SyntaxError {};

/// What the generated code keeps of a running rule, instead of a tree node. The functions have names that the
/// generated code needs but never calls.
class LeanContext {
public:
  LeanContext(antlr4::ParserRuleContext *, size_t invokingState) : invokingState(invokingState) {}
  virtual size_t getRuleIndex() const { return 0; }

  antlr4::tree::TerminalNode *getToken(size_t, size_t) { return nullptr; }
  std::vector<antlr4::tree::TerminalNode *> getTokens(size_t) { return {}; }
  template <class T> T *getRuleContext(size_t) { return nullptr; }
  template <class T> std::vector<T *> getRuleContexts() { return {}; }

  struct {
    void operator=(const std::exception_ptr &) {}
  } exception;
  size_t invokingState;
  LeanContext *parent = nullptr;

protected:
  ~LeanContext() = default;
};

/// The base class of the generated parser. Everything that the generated code calls while it reads is
/// shadowed here by something that costs a few instructions: tokens without objects, contexts on a stack, no
/// tree, no listener, no prediction. The runtime's own base class only satisfies the generated constructor.
/// Thread safety: one thread.
class LeanParser : public antlr4::Parser {
public:
  void setState(size_t state) { stateNumber = state; }
  size_t getState() const final { return stateNumber; }

  antlr4::Token *match(size_t kind) final {
    if (static_cast<size_t>(tokens().current().kind) != kind)
      mismatch();
    if (kind != antlr4::Token::EOF)
      consume();
    else
      atEnd = true;
    return nullptr; // no rule has a label
  }
  antlr4::Token *consume() final {
    choiceCount = 0;
    tokens().advance();
    return nullptr;
  }

  /// Sets the parser's input; called before it reads.
  void connect(TokenStream &tokens, IrActions &actions, SyntaxErrors &errors);
  /// Whether the whole text has been read.
  bool reachedEnd() const { return atEnd; }

protected:
  /// `unused` is what the generated constructor passes on.
  explicit LeanParser(antlr4::TokenStream *unused) : antlr4::Parser(unused) {}

  const Token &current() { return tokens().current(); }
  const Token &previous() { return tokens().previous(); }
  TokenStream &tokens() { return *input.tokens; }

  void enterRule(LeanContext *context, size_t state, size_t) {
    stateNumber = state;
    context->parent = _ctx;
    _ctx = context;
  }
  void exitRule() {
    LeanContext *done = _ctx;
    stateNumber = done->invokingState;
    _ctx = done->parent;
    _tracker.release(done);
  }
  void enterOuterAlt(LeanContext *, size_t) {}

  template <class F> struct Finally {
    F leave;
    ~Finally() { leave(); }
  };
  template <class F> Finally<F> finally(F leave) { return {leave}; }

  /// Reports the current token and throws.
  [[noreturn]] void mismatch();
  /// The `{` of the region that ends here without its `}`, if there is one.
  std::optional<Token> unclosedHere();

  /// Shadows of the runtime's names, for the generated code.
  struct RecognitionException {}; // never thrown: a SyntaxError passes all rules that do not catch it
  struct NoViableAltException {
    explicit NoViableAltException(LeanParser *parser) { parser->mismatch(); }
  };
  struct ErrorHandler {
    LeanParser *parser;
    /// A place where the grammar has a choice: all its alternatives were possible at this token.
    void sync(LeanParser *) { parser->noteChoice(); }
    void reportMatch(LeanParser *) {}
    antlr4::Token *recoverInline(LeanParser *) { parser->mismatch(); }
    template <class Error> void reportError(LeanParser *, const Error &) {}
    template <class Error> void recover(LeanParser *, const Error &) {}
  };
  struct Input {
    TokenStream *tokens = nullptr;
    size_t LA(int) const { return static_cast<size_t>(tokens->current().kind); }
  };
  /// The contexts of the running rules, one after another. Its size follows the nesting limit: a second guard
  /// of the call stack, in case the count of brackets is wrong.
  struct ContextStack {
    LeanParser *parser;
    std::vector<std::byte> memory;
    size_t used = 0;

    template <class T> T *createInstance(LeanContext *, size_t state) {
      static_assert(sizeof(T) == sizeof(LeanContext) && std::is_trivially_destructible_v<T>);
      if (used + sizeof(T) > memory.size())
        parser->tooDeep();
      T *made = new (memory.data() + used) T(nullptr, state);
      used += sizeof(T);
      return made;
    }
    void release(LeanContext *) { used -= sizeof(LeanContext); }
  };

  LeanContext *_ctx = nullptr;
  Input input;
  Input *_input = &input;
  ErrorHandler handler{this};
  ErrorHandler *_errHandler = &handler;
  ContextStack _tracker{this, {}};
  IrActions *ir = nullptr;
  SyntaxErrors *errors = nullptr;

private:
  void noteChoice() {
    if (choiceCount < choices.size())
      choices[choiceCount++] = static_cast<uint16_t>(stateNumber);
  }
  [[noreturn]] void tooDeep();
  std::string expectedHere() const;

  size_t stateNumber = 0;
  std::array<uint16_t, 16> choices; // states with a choice since the last consumed token
  size_t choiceCount = 0;
  bool atEnd = false;
};

} // namespace xcs

#pragma GCC diagnostic pop

// The generated code is outside of the namespace.
using xcs::LeanContext;
using xcs::LeanParser;
using xcs::SyntaxError;
