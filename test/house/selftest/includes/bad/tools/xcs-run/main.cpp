#include "xcs/Syntax/Parser.h"
#include "xcs/Runtime/Executor.h"
#include "Runtime/Loop.h"
#include "llvm/Support/CommandLine.h"
