#include "xcs/IR/Module.h"
#include "xcs/Support/Result.h"
#include "Support/Private.h"
#include "rapidjson/reader.h"
#include <string>
#include <re2/re2.h>
#include "Text.h"

namespace xcs {
} // namespace xcs
