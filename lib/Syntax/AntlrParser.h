#pragma once
// Seen by AntlrUnit.cpp alone: the base of the parser that ANTLR generates from Xir.g4.
#include "Syntax/IrActions.h"
#include "Syntax/SyntaxErrors.h"
#include "antlr4-runtime.h"
#include <array>
#include <cstddef>

// Shadowing the runtime's functions is the purpose here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverloaded-virtual"

namespace xcs {

/// Thrown where the text does not follow the grammar, after it was reported.
struct SyntaxError {};

/// What the generated code keeps of a rule while it runs, instead of a node of a tree. The functions are
/// named by code that is generated but never called.
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

/// The base class of the generated parser. Everything the generated code calls while it reads is shadowed
/// here by something that costs a few instructions: tokens without objects, contexts on a stack, no tree, no
/// listener, no prediction. The runtime's own base class serves only what the generated constructor wants.
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

  /// Gives the parser its input, before it reads.
  void connect(TokenStream &tokens, IrActions &actions, SyntaxErrors &errors);
  /// Whether the whole text has been read.
  bool reachedEnd() const { return atEnd; }

protected:
  /// `unused` is what the generated constructor hands on.
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
  /// The `{` of the region that ends here without its `}`, if it is one.
  std::optional<Token> unclosedHere();

  /// Shadows of the runtime's names, for the generated code.
  struct RecognitionException {}; // never thrown: a SyntaxError passes all rules that do not catch it
  struct NoViableAltException {
    explicit NoViableAltException(LeanParser *parser) { parser->mismatch(); }
  };
  struct ErrorHandler {
    LeanParser *parser;
    /// A place where the grammar has a choice: whatever it offers was possible at this token.
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
  /// The contexts of the rules that run now, one behind the other. As deep as the nesting limit allows, no
  /// deeper: the second guard of the stack, should the count of brackets be fooled.
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
  std::array<uint16_t, 16> choices; // states with a choice since the last token was taken
  size_t choiceCount = 0;
  bool atEnd = false;
};

} // namespace xcs

#pragma GCC diagnostic pop

// The generated code stands outside of the namespace.
using xcs::LeanContext;
using xcs::LeanParser;
using xcs::SyntaxError;
