#include "Store/JournalCount.h"
#include "xcs/Support/Digest.h"
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

using namespace xcs;

namespace {
/// 32 bytes, in the order of the machine's bytes.
struct Slot {
  uint64_t turn, rows, writes, digest;
  uint64_t wanted() const {
    return digestOf({reinterpret_cast<const char *>(this), offsetof(Slot, digest)}, 0x5ca1ab1e);
  }
};
constexpr size_t slots = 2, ownerBytes = 64;
} // namespace

static std::string systemMessage(int code) { return std::generic_category().message(code); }

/// File systems whose locks or writes may not be what they say (statfs(2)).
static bool isNetwork(int descriptor) {
  struct statfs status;
  if (::fstatfs(descriptor, &status))
    return false;
  static constexpr std::array<uint32_t, 9> types = {
      0x6969 /* nfs */,      0x517b /* smb */,        0xff534d42 /* cifs */,
      0xfe534d42 /* smb2 */, 0x73757245 /* coda */,   0x5346414f /* afs */,
      0x00c36400 /* ceph */, 0x0bd00bd0 /* lustre */, 0x01021997 /* 9p */};
  for (uint32_t type : types)
    if (static_cast<uint32_t>(status.f_type) == type)
      return true;
  return false;
}

static std::string ownerOf(int descriptor) {
  char text[ownerBytes + 1] = {};
  if (::pread(descriptor, text, ownerBytes, slots * sizeof(Slot)) <= 0)
    return "another process";
  std::string out;
  for (const char *c = text; *c; ++c)
    out += *c > ' ' && *c < 0x7f ? *c : ' ';
  return "process " + out;
}

Result<JournalCount, JournalError> JournalCount::open(const std::string &journal, bool durable) {
  const std::string path = journal + "-count";
  const auto fail = [&](JournalError::Kind kind, const std::string &why) {
    return JournalError{kind, "`" + path + "`: " + why};
  };
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file)
    return fail(JournalError::Kind::File, systemMessage(errno));
  struct stat status;
  if (::fstat(*file, &status) || !S_ISREG(status.st_mode))
    return fail(JournalError::Kind::File, "it is not a regular file");
  if (status.st_uid != ::geteuid())
    return fail(JournalError::Kind::File, "it belongs to another user");
  if (isNetwork(*file))
    return JournalError{JournalError::Kind::Network, journal};
  if (::flock(*file, LOCK_EX | LOCK_NB)) {
    if (errno == EWOULDBLOCK)
      return JournalError{JournalError::Kind::InUse, ownerOf(*file)};
    return fail(JournalError::Kind::File, systemMessage(errno));
  }
  JournalCount out(std::move(file), durable);
  out.read();
  if (const std::string why = out.sign(); !why.empty())
    return fail(JournalError::Kind::File, why);
  return out;
}

void JournalCount::read() {
  Slot found[slots];
  for (size_t i = 0; i < slots; ++i) {
    if (::pread(*file, &found[i], sizeof(Slot), static_cast<off_t>(i * sizeof(Slot))) != sizeof(Slot) ||
        found[i].digest != found[i].wanted() || found[i].turn % slots != i)
      continue;
    if (isOld && found[i].turn < turn)
      continue;
    isOld = true;
    turn = found[i].turn;
    last = {found[i].rows, found[i].writes};
  }
}

/// Puts the name of this process into it.
std::string JournalCount::sign() {
  char owner[ownerBytes] = {};
  char host[40] = {};
  if (::gethostname(host, sizeof(host) - 1))
    std::strcpy(host, "?");
  std::snprintf(owner, sizeof(owner), "%ld on %s", static_cast<long>(::getpid()), host);
  if (::pwrite(*file, owner, sizeof(owner), slots * sizeof(Slot)) != sizeof(owner))
    return systemMessage(errno);
  return "";
}

std::string JournalCount::set(Numbers numbers) {
  Slot slot{++turn, numbers.rows, numbers.writes, 0};
  slot.digest = slot.wanted();
  if (::pwrite(*file, &slot, sizeof(slot), static_cast<off_t>(turn % slots * sizeof(Slot))) != sizeof(slot) ||
      (isDurable && ::fdatasync(*file)))
    return systemMessage(errno);
  last = numbers;
  return "";
}
