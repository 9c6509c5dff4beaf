/// Runs a fuzzer's entry point on every file it is given, and on every file of every folder: the form the
/// fuzzers take in a build without libFuzzer, so that the corpus is a plain test with any compiler.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace {

bool runFile(const std::filesystem::path &path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    std::fprintf(stderr, "cannot read `%s`\n", path.c_str());
    return false;
  }
  std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  return true;
}

/// The files below `path` in an order that does not depend on the file system.
std::vector<std::filesystem::path> filesBelow(const std::filesystem::path &path) {
  if (!std::filesystem::is_directory(path))
    return {path};
  std::vector<std::filesystem::path> files;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(path))
    if (entry.is_regular_file())
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

} // namespace

int main(int argc, char **argv) {
  unsigned count = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto &file : filesBelow(argv[i])) {
      if (!runFile(file))
        return 1;
      ++count;
    }
  }
  std::printf("%u inputs\n", count);
  return count == 0 ? 1 : 0;
}
