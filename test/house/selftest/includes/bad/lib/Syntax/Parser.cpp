#include "antlr4-runtime.h"
#include "Xir.h"
