#pragma once
#include "xcs/Support/Diagnostics.h"

namespace xcs::tools {

// The process belongs to its host, which for the tools is `main`: no library touches what is set here.

/// Opens /dev/null as standard input, output or error if the process was started without one. Otherwise the
/// next file or socket would get that number, and output for a reader or a started program would go there.
/// Called before anything else opens a descriptor.
void openStandardDescriptors();

/// From now on what is lost of the standard output at the end of the process is reported, and the process
/// exits with ExitCode::ProgramFailed: LLVM would abort with words of its own.
void reportLostOutput();

/// From now on a process that gets no more memory ends with a message on standard error in this form, and
/// with ExitCode::LimitExceeded. What it had begun to write under a temporary name is removed. To be called
/// again when the form is known.
void exitOutOfMemory(DiagnosticFormat form);

/// Sets what else is done before a process without memory exits: called once, on the thread that ran out, and
/// returns the exit code. It must not allocate and must return.
void beforeEndWithoutMemory(ExitCode (*what)());

} // namespace xcs::tools
