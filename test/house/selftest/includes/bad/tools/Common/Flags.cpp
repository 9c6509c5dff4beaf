#include "xcs/Support/Limits.h"
#include "xcs/Plan/Plan.h"
