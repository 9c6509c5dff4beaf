/// What a run makes of a journal, whatever is in its file: it is refused, or what it has is read, and an
/// execution that it knows nothing of is in doubt where rows may be missing. An input is the database; the
/// file that counts its rows is empty, as after a loss of power.

#include "support/Fuzz.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Store/Journal.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <fstream>

using namespace xcs;

/// A file that this process alone uses, in memory where there is such a folder.
static const std::string &journalFile() {
  static const std::string path = [] {
    llvm::SmallString<128> folder;
    const char *shared =
        llvm::sys::fs::is_directory("/dev/shm") ? "/dev/shm/xcs-fuzz-%%%%%%%%" : "xcs-fuzz-%%%%%%%%";
    llvm::sys::fs::createUniquePath(shared, folder, /*MakeAbsolute=*/shared[0] != '/');
    fuzz::require(!llvm::sys::fs::create_directory(folder), "a folder for the journal");
    static const std::string made = folder.str().str();
    std::atexit([] { llvm::sys::fs::remove_directories(made); });
    return made + "/journal";
  }();
  return path;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::string &path = journalFile();
  for (const char *ending : {"-wal", "-shm", "-journal", "-count"})
    llvm::sys::fs::remove(path + ending);
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char *>(data), static_cast<std::streamsize>(size));
  auto opened = Journal::open(path, {});
  if (!opened) {
    fuzz::require(!opened.error().why.empty(), "a refusal without a reason");
    return 0;
  }
  const JournalContent &content = (*opened)->content();
  fuzz::require(content.mayLackWrites, "a journal whose rows nobody has counted lacks none");
  for (const auto &[key, entry] : content.entries) {
    const auto body = (*opened)->body(entry.row);
    Value json;
    OpError error;
    if (body && entry.kind == JournalRow::Kind::Done && !entry.isDamaged)
      parseJson(*body, {}, json, error);
  }
  return 0;
}
