#include "Support/Private.h"
#include "Text.h"
#include "rapidjson/reader.h"
#include "xcs/IR/Module.h"
#include "xcs/Support/Result.h"
#include <re2/re2.h>
#include <string>

namespace xcs {} // namespace xcs
