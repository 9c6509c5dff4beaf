#pragma once
#include "Syntax/IrActions.h"
#include "Syntax/SyntaxErrors.h"

namespace xcs {

/// Reads all tokens by the grammar Xir.g4: calls `actions`, reports syntax errors and continues after them.
/// Throws nothing.
void readByGrammar(TokenStream &tokens, IrActions &actions, SyntaxErrors &errors);

} // namespace xcs
