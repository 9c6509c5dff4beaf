antlr4::Token *next();
