#pragma once
#include "xcs/Support/Descriptor.h"
#include <string>
#include <sys/types.h>

namespace xcs {

/// Opens `path`, relative and without `..`, beneath a directory and through no symbolic link, the last part
/// included (errno ELOOP). By openat2 (Linux 5.6) where the kernel has it, else part by part (`walk` asks for
/// that). Without a descriptor errno says why.
Descriptor openBeneath(int directory, const std::string &path, int flags, mode_t mode = 0, bool walk = false);

} // namespace xcs
