#pragma once
#include "Syntax/AttrActions.h"
#include "Syntax/ValueScope.h"

namespace xcs {

/// Called by the actions of the grammar: builds the module from tokens, in the order of the text, and reports
/// errors in names. An operation is added to its graph as soon as its head is read; its results get their
/// names when it has ended, so that its own regions do not see them.
///
/// After a syntax error the parser calls `operationFailed`, `regionFailed` or `itemFailed` and then
/// continues. The names of a broken operation are defined all the same, and names that a broken list of
/// parameters may have defined are not reported as missing. The module is then unusable, but every later
/// error is still a real one.
class IrActions {
public:
  explicit IrActions(Reading &reading)
      : types(reading), attrs(reading, types), reading(reading), scope(reading.program.values) {}

  TypeActions types;
  AttrActions attrs;

  // The program's name is that in its own file; names in imported files are ignored.
  void moduleName(Token symbol);
  void moduleAttributes();
  void importFile(Token file);
  // In the grammar, but not in this version: reported, with the alternative.
  void externOperation(Token symbol);
  void endExtern() { types.clear(); }

  // `kind @symbol {..}`, or `= literal` for the kinds `type` and `const`.
  void declarationKind(Token kind);
  void declarationIsPrivate(Token word);
  void declarationSymbol(Token symbol) {
    declared = symbol;
    declaredName = reading.marked(symbol);
  }
  void endResource();
  void beginMeaning(Token first);
  void endMeaning();

  void beginFunction(Token keyword);
  void functionIsPrivate() { function->isPrivate = true; }
  void functionSymbol(Token symbol);
  void functionResults();
  void functionAttributes() { function->attributes = attrs.takeDict(); }
  void beginBody(Token brace) { regions.back().brace = brace; }
  void endFunction();
  bool inFunction() const { return function != nullptr; }
  void itemFailed();

  // A parameter of the function, or an argument of the innermost region.
  void parameterName(Token name) { parameter = name; }
  void parameterType();
  void parameterDefault();

  /// A literal that belongs to no attribute begins: an operand or a default.
  void beginLiteral(Token first) {
    literal = first;
    attrs.begin(AttrActions::Purpose::Operand);
  }

  // An operation, in the order of its text. `first` is its first token.
  void beginOperation(Token first);
  void result(Token name) { results.push_back({name, reading.marked(name)}); }
  void operationName(Token name);
  void operationSymbol(Token symbol) { operations.back().symbol = symbol; }
  /// The operands that follow are its captures.
  void regionFunction(Token symbol);
  void operand(Token name) { operands.push_back(use(name)); }
  void literalOperand();
  void orderOperand(Token name) { orderOperands.push_back(use(name)); }
  void operationAttributes() { operations.back().attributes = attrs.takeDict(); }
  void resultTypes();
  void beginRegion(Token brace);
  void endRegion();
  void locationFile(Token text);
  void locationLine(Token number) { line = number; }
  void locationColumn(Token column);
  void endOperation();
  void operationFailed();

  /// The list of parameters or arguments is complete: from here on missing names are reported.
  void parametersRead();
  /// If the list was not complete, names missing up to the region's end are not reported.
  void regionFailed();
  /// The brace that opened the innermost region; none outside of regions.
  std::optional<Token> innermostBrace() const;

private:
  struct OpenOperation {
    Token name;
    OpCode code{};
    Token symbol = {}, function = {}; // End if there is none
    DictId attributes;
    OpId op;               // none until it is in the graph
    uint32_t captures = 0; // the first one, in `operands`
    bool hasLiterals = false;
    uint32_t firstResult = 0; // in `results`
  };
  struct ResultName {
    Token token;
    StringId name;
  };
  struct OpenRegion {
    RegionId region;
    Token brace;
    bool parametersRead = false, failed = false; // whether its list of arguments is complete, or broken
  };

  ComputationGraph &graph() { return function->graph; }
  struct Parameter {
    Token name;
    bool hasDefault = false;
  };

  bool inHead() const;
  void openRegion(OpId parent, Token brace);
  void closeRegion();
  OpId addOperation();
  void countOperation(Token at);
  void checkFunction(const OpenOperation &operation);
  std::string declaration() const;
  void declareType(AttrId meaning);
  void declareConstant(AttrId value, StringId path);
  void define(Token name, StringId id, ValueRef value);
  ValueRef use(Token name);
  void reportUndefined(Token name, StringId id, ValueScope::State state);
  std::string nearestValue(Token name) const;
  void redefinedSymbol(Token symbol, Location first);
  bool tooMany(size_t count, Token at, std::string_view what);

  Reading &reading;
  ValueScope &scope;
  std::vector<OpenOperation> operations;
  std::vector<OpenRegion> regions;
  std::vector<ResultName> results;   // of the open operations
  std::vector<Parameter> parameters; // of the function
  std::vector<ValueRef> operands, orderOperands;
  Token parameter, line, literal;
  std::string file, scratch;
  Function *function = nullptr;
  std::unique_ptr<Function> nameless; // the current function, until its symbol is known
  enum class Declares : uint8_t { Resource, Type, Constant, Unknown } declares = Declares::Unknown;
  ResourceKind resourceKind{};
  Token declared, declarationWord;
  StringId declaredName;
  bool declaredPrivate = false;
  size_t failedRegions = 0;
};

} // namespace xcs
