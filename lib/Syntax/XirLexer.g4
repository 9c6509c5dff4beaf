// The tokens of XIR: the specification. The parser reads them from the hand-written Lexer.cpp, which is compared
// with the lexer generated from this file token for token (test/unit/Syntax/LexerOracleTest.cpp). Token.h repeats
// the numbers.
//
// A text is valid UTF-8 without NUL (checked before); a byte order mark before it is removed. UNCLOSED and
// UNKNOWN are errors; they ensure that every text has tokens.
lexer grammar XirLexer;

// The only keywords. Everything else that looks like one (if, map, str, true, secret) is a NAME with a meaning in
// a table.
MODULE : 'module' ;
IMPORT : 'import' ;
FUNC : 'func' ;
PRIVATE : 'private' ;
EXTERN : 'extern' ;
ATTRIBUTES : 'attributes' ;
AFTER : 'after' ;
LOC : 'loc' ;

LPAREN : '(' ;
RPAREN : ')' ;
LBRACE : '{' ;
RBRACE : '}' ;
LBRACKET : '[' ;
RBRACKET : ']' ;
LESS : '<' ;
GREATER : '>' ;
COMMA : ',' ;
COLON : ':' ;
EQUAL : '=' ;
ARROW : '->' ;
CARET : '^' ;

VALUE : '%' WORD+ ;
SYMBOL : '@' LETTER WORD* ;
NAME : LETTER WORD* ;

INT : '-'? (DIGIT+ | '0x' HEX+) ;
FLOAT : '-'? DIGIT+ ('.' DIGIT+ EXPONENT? | EXPONENT) | '-inf' ;
DURATION : '-'? (DIGIT+ ('.' DIGIT+)? ('ns' | 'us' | 'ms' | 's' | 'm' | 'h'))+ ;

// One line with escapes, or raw over many lines up to the next """.
STRING : '"' (~["\\\r\n] | ESCAPED)* '"' | RAW '"""' ;
// Ends at the end of its line, or of the text if it is raw: the lines after it can still be read.
UNCLOSED : '"' (~["\\\r\n] | ESCAPED)* '\\'? | RAW '"'? '"'? ;

COMMENT : '//' ~[\r\n]* -> skip ;
SPACE : [ \t\r\n]+ -> skip ;
UNKNOWN : . ;

fragment LETTER : [a-zA-Z_] ;
fragment WORD : [a-zA-Z0-9_$.] ;
fragment DIGIT : [0-9] ;
fragment HEX : [0-9a-fA-F] ;
fragment EXPONENT : [eE] [+-]? DIGIT+ ;
fragment ESCAPED : '\\' ~[\r\n] ;
fragment RAW : '"""' ('"'? '"'? ~'"')* ;
