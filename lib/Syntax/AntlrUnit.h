#pragma once
#include "Syntax/IrActions.h"
#include "Syntax/SyntaxErrors.h"

namespace xcs {

/// Reads all tokens by the grammar Xir.g4: calls `actions`, reports what does not follow the grammar, goes on
/// behind it. No exception leaves.
void readByGrammar(TokenStream &tokens, IrActions &actions, SyntaxErrors &errors);

} // namespace xcs
