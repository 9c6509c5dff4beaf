#include "Io/Spawn.h"
#include "xcs/Io/Beneath.h"
#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

using namespace xcs;

// A script's interpreter may be a script; Linux follows five (fs/exec.c).
static constexpr int mostInterpreters = 5;
// How much of a file the kernel reads to learn how to run it (BINPRM_BUF_SIZE).
static constexpr size_t headBytes = 256;

static std::string readAt(int file, uint64_t at, size_t size) {
  std::string out(size, '\0');
  ssize_t got = pread(file, out.data(), size, static_cast<off_t>(at));
  out.resize(got < 0 ? 0 : static_cast<size_t>(got));
  return out;
}

/// The interpreter named in an ELF file of one width: its dynamic loader.
template <class Header, class Segment> static std::string loaderOf(int file) {
  static constexpr size_t longestPath = 4096;
  Header header;
  std::string bytes = readAt(file, 0, sizeof header);
  if (bytes.size() < sizeof header)
    return {};
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.e_phentsize != sizeof(Segment))
    return {};
  for (size_t i = 0; i < header.e_phnum; ++i) {
    Segment segment;
    bytes = readAt(file, header.e_phoff + i * sizeof segment, sizeof segment);
    if (bytes.size() < sizeof segment)
      return {};
    std::memcpy(&segment, bytes.data(), sizeof segment);
    if (segment.p_type == PT_INTERP) {
      bytes = readAt(file, segment.p_offset, std::min<size_t>(segment.p_filesz, longestPath));
      return bytes.substr(0, bytes.find('\0'));
    }
  }
  return {};
}

/// `#! /usr/bin/env -S python`: the path up to the next blank.
static std::string scriptInterpreter(std::string_view head) {
  head = head.substr(0, head.find('\n'));
  head.remove_prefix(std::min(head.find_first_not_of(" \t", 2), head.size()));
  return std::string(head.substr(0, head.find_first_of(" \t")));
}

static std::string interpreterOf(int file) {
  std::string head = readAt(file, 0, headBytes);
  if (head.starts_with("#!"))
    return scriptInterpreter(head);
  if (!head.starts_with(ELFMAG) || head.size() <= EI_CLASS)
    return {};
  return head[EI_CLASS] == ELFCLASS32 ? loaderOf<Elf32_Ehdr, Elf32_Phdr>(file)
                                      : loaderOf<Elf64_Ehdr, Elf64_Phdr>(file);
}

std::string xcs::missingInterpreter(const std::string &program) {
  std::string at = program;
  for (int i = 0; i < mostInterpreters; ++i) {
    Descriptor file(open(at.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file)
      return {};
    at = interpreterOf(*file);
    if (at.empty() || access(at.c_str(), X_OK) != 0)
      return at;
  }
  return {};
}
