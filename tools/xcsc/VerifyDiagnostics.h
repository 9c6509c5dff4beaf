#pragma once
#include "xcs/Support/Diagnostics.h"

namespace xcs::compiler {

/// `--verify-diagnostics`: compares the messages of a compilation with the comments in its text that expect
/// them, as MLIR does:
///   // expected-error {{part of the message}}         on this line; -warning, -remark and -note likewise
///   // expected-error@+1 {{..}}, @-2                  so many lines below, above
///   // expected-error@unknown {{..}}                  at no line of this text
/// The text in braces is part of the message with its kind, `message [kind]`. Every message matches one
/// comment and every comment one message. Missing and unexpected messages are reported to `diagnostics`.
Status checkExpectations(const SourceBuffer &source, const std::vector<Diagnostic> &given,
                         DiagnosticEngine &diagnostics);

} // namespace xcs::compiler
