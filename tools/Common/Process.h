#pragma once
#include "xcs/Support/Diagnostics.h"

namespace xcs::tools {

// The process belongs to its host, which for the tools is their `main`: no room touches what is set here.

/// Opens /dev/null as standard input, output or error where the process was started without one. Else the
/// next file or socket would get its number, and what is meant for a reader, or for a program that is
/// started, would go there. To be called before anything else opens a descriptor.
void openStandardDescriptors();

/// From now on what is lost of the standard output at the end of the process is told, and the process exits
/// with ExitCode::ProgramFailed: LLVM would abort with words of its own.
void reportLostOutput();

/// From now on a process that gets no more memory ends with a message on standard error in this form, and
/// with ExitCode::LimitExceeded. What it had begun to write under a temporary name is removed. To be called
/// again when the form is known.
void exitOutOfMemory(DiagnosticFormat form);

/// What else is done before a process without memory ends, once, on the thread that got none; it gives the
/// exit code. It must not need memory and must come to an end.
void beforeEndWithoutMemory(ExitCode (*what)());

} // namespace xcs::tools
