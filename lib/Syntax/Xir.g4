// The grammar of XIR; docs/LangRef.md shows it to users. One token of look-ahead decides everything: a test
// greps the generated parser for adaptivePredict. Actions only pass tokens on to IrActions (`ir`), which
// builds the IR.
//
// The generated code runs on AntlrParser.h instead of the runtime's base classes: no tree, no token objects.
// A rule with a `catch` ends what it began and continues after the error (AntlrUnit.cpp); the others let a
// SyntaxError pass. No rule may be empty (AntlrExpected.h relies on it).
parser grammar Xir;

options {
  tokenVocab = XirLexer;
  superClass = LeanParser;
  contextSuperClass = LeanContext;
}

@parser::postinclude {
#include "Syntax/AntlrParser.h"
}

@parser::members {
  void resumeItems();
  void resumeItem();
  void resumeRegion();
  void resumeOperation(size_t nesting);
}

file : moduleHeader? items ;

moduleHeader : MODULE SYMBOL {ir->moduleName(previous());} (ATTRIBUTES attrs {ir->moduleAttributes();})? ;
  catch[const SyntaxError &] { resumeItem(); }

// Called again until the end of the text is reached.
items : item* EOF ;
  catch[const SyntaxError &] { resumeItems(); }

item : importFile | function | externOperation | declaration ;
  catch[const SyntaxError &] { resumeItem(); }

importFile : IMPORT STRING {ir->importFile(previous());} ;

externOperation
  : EXTERN SYMBOL {ir->externOperation(previous());} LPAREN types? RPAREN ARROW types attrs
    {ir->endExtern();} ;

function
  : FUNC {ir->beginFunction(previous());} (PRIVATE {ir->functionIsPrivate();})?
    SYMBOL {ir->functionSymbol(previous());} LPAREN parameters? RPAREN {ir->parametersRead();}
    (ARROW types {ir->functionResults();})? (ATTRIBUTES attrs {ir->functionAttributes();})?
    LBRACE {ir->beginBody(previous());} region {ir->endFunction();} ;

// `model @m {..}`, `type @T = ..` and `const @c = ..`: the kinds are names in a table.
declaration
  : NAME {ir->declarationKind(previous());} (PRIVATE {ir->declarationIsPrivate(previous());})?
    SYMBOL {ir->declarationSymbol(previous());}
    (attrs {ir->endResource();} | EQUAL {ir->beginMeaning(current());} literal {ir->endMeaning();}) ;

parameters : parameter (COMMA parameter)* ;

parameter
  : VALUE {ir->parameterName(previous());} COLON type {ir->parameterType();}
    (EQUAL {ir->beginLiteral(current());} literal {ir->parameterDefault();})? ;

// After its `{`.
region : (CARET LPAREN parameters? RPAREN)? {ir->parametersRead();} operation* RBRACE ;
  catch[const SyntaxError &] { resumeRegion(); }

// If results are named, their types are given.
operation
@init { size_t nesting = tokens().nesting(); }
  : {ir->beginOperation(current());}
    (results EQUAL operationHead COLON operationTypes | operationHead (COLON operationTypes)?) location?
    {ir->endOperation();} ;
  catch[const SyntaxError &] { resumeOperation(nesting); }

operationHead
  : NAME {ir->operationName(previous());}
    (SYMBOL {ir->operationSymbol(previous());} arguments? regionFunction? | arguments regionFunction?)?
    (AFTER LPAREN orderOperands RPAREN)? (attrs {ir->operationAttributes();})? ;

operationTypes
  : types {ir->resultTypes();} (LBRACE {ir->beginRegion(previous());} region {ir->endRegion();})* ;

results : VALUE {ir->result(previous());} (COMMA VALUE {ir->result(previous());})* ;

// `map(%xs) @f(%y)`.
regionFunction : SYMBOL {ir->regionFunction(previous());} arguments? ;

// Written out, since a rule for each operand would cost as much as the operand.
arguments
  : LPAREN
    ((VALUE {ir->operand(previous());} | {ir->beginLiteral(current());} literal {ir->literalOperand();})
     (COMMA (VALUE {ir->operand(previous());} | {ir->beginLiteral(current());} literal {ir->literalOperand();}))*)?
    RPAREN ;

orderOperands : VALUE {ir->orderOperand(previous());} (COMMA VALUE {ir->orderOperand(previous());})* ;

location
  : LOC LPAREN STRING {ir->locationFile(previous());} COLON INT {ir->locationLine(previous());}
    COLON INT {ir->locationColumn(previous());} RPAREN ;

types : LPAREN RPAREN | type (COMMA type)* ;

type
  : NAME {ir->types.begin(previous());} typeArguments? {ir->types.end();}
  | SYMBOL {ir->types.symbol(previous());} ;

typeArguments : LESS {ir->types.beginArguments();} (typeArgument (COMMA typeArgument)*)? GREATER ;

// `name: type` or a type.
typeArgument
  : word {ir->types.begin(previous());}
    (COLON type {ir->types.endField();} | typeArguments? {ir->types.end();})
  | SYMBOL {ir->types.symbol(previous());} ;

attrs : LBRACE {ir->attrs.beginDict();} (entry (COMMA entry)*)? RBRACE {ir->attrs.endDict();} ;

entry : key (EQUAL literal {ir->attrs.entry();} | {ir->attrs.bareEntry();}) ;

// Quoted text for keys that are not identifiers: HTTP headers. Symbols are keys in `limit` alone.
key : (word | STRING | SYMBOL) {ir->attrs.key(previous());} ;

literal
  : INT {ir->attrs.integer(previous());}
  | FLOAT {ir->attrs.floating(previous());}
  | DURATION {ir->attrs.duration(previous());}
  | STRING {ir->attrs.text(previous());}
  | SYMBOL {ir->attrs.symbol(previous());}
  | NAME {ir->attrs.word(previous());} (typeArguments | hidden)? {ir->attrs.endWord();}
  | LBRACKET {ir->attrs.beginList();} (literal (COMMA literal)*)? RBRACKET {ir->attrs.endList();}
  | attrs {ir->attrs.dict();} ;

// secret("NAME", prefix = "Bearer "), env("NAME"), and file("NAME") after `const @name =`.
hidden
  : LPAREN STRING {ir->attrs.hiddenName(previous());}
    (COMMA word {ir->attrs.hiddenOption(previous());} EQUAL STRING {ir->attrs.hiddenPrefix(previous());})*
    RPAREN ;

word : NAME | MODULE | IMPORT | FUNC | PRIVATE | EXTERN | ATTRIBUTES | AFTER | LOC ;
