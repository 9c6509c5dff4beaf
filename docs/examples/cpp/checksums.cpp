// The checksums of the files of a directory, in the form of `sha256sum`: checksums.xir in C++.
#include "example.h"
using namespace xcs;

static Str checksums(Str directory) {
  List<Str> lines = map(file::list(directory), [&](Str name) {
    Bytes content = file::read(format("{0}/{1}", directory, name));
    return format("{0}  {1}\n", bytes::sha256(content), name);
  });
  return str::join(lines, {.separator = ""});
}

EXAMPLE(checksums, "directory")
