#pragma once
#include "xcs/Ops/OpTable.h"

namespace xcs::rowattrs {

// The attribute rows of operations that are executed here, by id: `attrIndex(rowattrs::model_chat, "seed")`
// is a constant, and a wrong name does not compile.
#define XCS_PURE_OP(...)
#define XCS_CONTROL_OP(id, name, signature, attributes, ...) inline constexpr AttrListText id{attributes};
#define XCS_WORLD_OP(id, name, signature, attributes, ...) inline constexpr AttrListText id{attributes};
#include "xcs/Ops/Ops.def"

} // namespace xcs::rowattrs
