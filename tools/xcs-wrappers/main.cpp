// Writes the typed functions of C++ for all operations: xcs-wrappers OUT.h, or xcs-wrappers --calls OUT.inc
// for the test that calls each of them.
#include "xcs-wrappers/Writer.h"
#include <string_view>

using namespace xcs;

int main(int argc, char **argv) {
  const bool calls = argc == 3 && std::string_view(argv[1]) == "--calls";
  if (argc != 2 && !calls) {
    llvm::errs() << "usage: xcs-wrappers [--calls] OUT\n";
    return 2;
  }
  std::error_code wrong;
  llvm::raw_fd_ostream out(argv[argc - 1], wrong);
  if (wrong) {
    llvm::errs() << argv[argc - 1] << ": " << wrong.message() << '\n';
    return 1;
  }
  bool good = true;
  if (calls)
    wrappers::writeCalls(out);
  else
    good = wrappers::writeHeader(out);
  out.close();
  return good && !out.has_error() ? 0 : 1;
}
