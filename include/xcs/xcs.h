#pragma once
// All that a program needs to write, compile and run traced functions: docs/cpp.md.
#include "xcs/Api/Compiled.h"
#include "xcs/Api/HostOp.h"
