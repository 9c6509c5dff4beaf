#include "xcs/World/PathGrants.h"
#include "xcs/Support/Paths.h"
#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xcs;

std::string xcs::absolutePath(std::string_view path) {
  if (path.empty() || isAbsolutePath(path))
    return normalPath(path);
  char here[PATH_MAX];
  if (!getcwd(here, sizeof here))
    return {};
  return normalPath(std::string(here) + "/" + std::string(path));
}

std::string xcs::realPath(const std::string &absolute) {
  std::string tail;
  for (std::string at = absolute; !at.empty();) {
    if (char *found = realpath(at.c_str(), nullptr)) {
      std::string real = found;
      std::free(found);
      return real == "/" && !tail.empty() ? tail : real + tail;
    }
    size_t slash = at.rfind('/');
    tail = at.substr(slash) + tail;
    at = slash == 0 && at.size() > 1 ? "/" : at.substr(0, slash);
  }
  return tail;
}

static std::shared_ptr<const int> openDirectory(const std::string &path) {
  int number = open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (number < 0)
    return nullptr;
  return {new int(number), [](const int *held) {
            close(*held);
            delete held;
          }};
}

bool PathGrants::allow(Access access, std::string_view path, std::string &why) {
  Grant grant;
  grant.written = absolutePath(path);
  if (grant.written.empty()) {
    why = "it is empty";
    return false;
  }
  struct stat found;
  std::string directory = grant.written;
  const bool exists = stat(directory.c_str(), &found) == 0;
  if (!exists && lstat(directory.c_str(), &found) == 0) {
    why = "it is a symbolic link that leads nowhere";
    return false;
  }
  if (!exists || !S_ISDIR(found.st_mode)) {
    directory = realPath(directory); // of a file that is a link: what it leads to
    size_t slash = directory.rfind('/');
    grant.file = directory.substr(slash + 1);
    directory = slash == 0 ? "/" : directory.substr(0, slash);
  }
  grant.directory = openDirectory(directory);
  if (!grant.directory) {
    why = std::strerror(errno);
    return false;
  }
  std::string real = realPath(directory);
  grant.real = grant.file.empty() ? real : (real == "/" ? "" : real) + "/" + grant.file;
  grants[static_cast<size_t>(access)].push_back(std::move(grant));
  return true;
}

void PathGrants::deny(Access access, std::string_view path) {
  std::string written = absolutePath(path);
  denials[static_cast<size_t>(access)].push_back({written, realPath(written)});
}

void PathGrants::allowAll() {
  std::string why;
  for (Access access : {Access::Read, Access::Write})
    allow(access, "/", why);
}

/// The part of a path after a directory that contains it; `.` for the directory itself.
static std::string beneath(std::string_view path, std::string_view directory) {
  path.remove_prefix(std::min(path.size(), directory == "/" ? 1 : directory.size() + 1));
  return path.empty() ? "." : std::string(path);
}

std::optional<PathGrants::Place> PathGrants::placeOf(Access access, std::string_view path) const {
  const std::string wanted = absolutePath(path);
  if (wanted.empty())
    return std::nullopt;
  const Grant *best = nullptr;
  std::string_view base;
  for (const Grant &grant : grants[static_cast<size_t>(access)])
    for (const std::string *name : {&grant.written, &grant.real}) {
      bool fits = grant.file.empty() ? isWithin(wanted, *name) : wanted == *name;
      if (fits && (!best || name->size() > base.size())) {
        best = &grant;
        base = *name;
      }
    }
  if (!best)
    return std::nullopt;
  Place place{best->directory, best->file.empty() ? beneath(wanted, base) : best->file, best->real};
  if (best->file.empty() && place.rest != ".")
    place.real = (place.real == "/" ? "" : place.real) + "/" + place.rest;
  for (const Denial &denial : denials[static_cast<size_t>(access)])
    for (const std::string &name : {denial.written, denial.real})
      if (isWithin(wanted, name) || isWithin(place.real, name))
        return std::nullopt;
  return place;
}

// What is resolved here is asked for by its own name and opened through no link: if a link is changed
// meanwhile, nothing is reached that was not granted.
std::optional<PathGrants::Place> PathGrants::followed(Access access, const Place &place,
                                                      bool &isDenied) const {
  const std::string target = realPath(place.real);
  isDenied = this->isDenied(access, target);
  return isDenied || target == place.real ? std::nullopt : placeOf(access, target);
}

bool PathGrants::isDenied(Access access, std::string_view path) const {
  const std::string wanted = absolutePath(path), real = realPath(wanted);
  const std::vector<Denial> &all = denials[static_cast<size_t>(access)];
  return !wanted.empty() && std::any_of(all.begin(), all.end(), [&](const Denial &denial) {
    return isWithin(wanted, denial.written) || isWithin(wanted, denial.real) || isWithin(real, denial.real);
  });
}

PathGrants::Move PathGrants::mayMove(const std::string &from, const std::string &to, Access &access) const {
  for (Access each : {Access::Read, Access::Write}) {
    access = each;
    for (const Denial &denial : denials[static_cast<size_t>(each)])
      if (isWithin(denial.real, from))
        return Move::Denied;
    for (const Grant &grant : grants[static_cast<size_t>(each)]) {
      const std::string &real = grant.real;
      // The directory that was opened for it.
      const std::string root =
          grant.file.empty() ? real : real.substr(0, std::max<size_t>(1, real.rfind('/')));
      if (isWithin(root, from))
        return Move::Named;
    }
  }
  access = Access::Read;
  if (!placeOf(access, to) || placeOf(access, from))
    return Move::Fine;
  return isDenied(access, from) ? Move::Denied : Move::Unreadable;
}
