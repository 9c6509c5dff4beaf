#include "xcs/IR/Module.h"
#include <gtest/gtest.h>
#include "tbb/flow_graph.h"
