#pragma once
#include "FieldReader.h"
#include "Script.h"

namespace xcs::faults {

/// Reads one reply object; mistakes stay in `in`. `folder` is where `body_file` names are looked up.
void readReply(FieldReader &in, FieldReader::Value value, const std::string &folder, Reply &reply);

} // namespace xcs::faults
