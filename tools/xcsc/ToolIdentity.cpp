#include "xcs/Support/Digest.h"
#include "xcs/Support/ReadFile.h"
#include "xcsc/PlanCache.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>
#include <link.h>

using namespace xcs;

/// The build id of the program (`.note.gnu.build-id`), a digest that the linker makes of all that it is made
/// of. Of the objects of a process, the program comes first.
static int findBuildId(struct dl_phdr_info *object, size_t, void *out) {
  std::string &id = *static_cast<std::string *>(out);
  for (size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE)
      continue;
    const char *at = reinterpret_cast<const char *>(object->dlpi_addr + segment.p_vaddr);
    const char *end = at + segment.p_memsz;
    while (end - at >= static_cast<ptrdiff_t>(sizeof(ElfW(Nhdr)))) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char *name = at + sizeof note;
      const size_t nameSize = (note.n_namesz + 3) & ~size_t(3), size = (note.n_descsz + 3) & ~size_t(3);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0)
        id.assign(name + nameSize, note.n_descsz);
      at = name + nameSize + size;
    }
  }
  return 1; // no other object
}

std::string compiler::toolIdentity() {
  std::string identity = "xcsc " XCS_VERSION " ", build;
  dl_iterate_phdr(findBuildId, &build);
  if (!build.empty())
    return identity + llvm::toHex(build, /*LowerCase=*/true);
  auto program = readFile("/proc/self/exe", UINT64_MAX);
  return program ? identity + std::to_string(digestOf(*program)) : identity;
}
