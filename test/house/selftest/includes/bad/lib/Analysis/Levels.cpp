#include "llvm/Support/CommandLine.h"
#include "xcs/Patterns/Pattern.h"
