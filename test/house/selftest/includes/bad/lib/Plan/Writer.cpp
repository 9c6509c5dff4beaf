#include "xcs/IR/Module.h"
#include "flatbuffers/flatbuffers.h"
#include "uv.h"
