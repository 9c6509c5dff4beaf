#include "Plan/PlanBytes.h"
#include "xcs/Support/ReadFile.h"
#include <cstring>

using namespace xcs;
using namespace xcs::planformat;

/// Not zeroed: memory that is never written costs nothing.
void PlanBytes::reserve(size_t wanted) {
  if (wanted <= capacity)
    return;
  const size_t words = wanted / sizeof(uint64_t) + 1;
  auto larger = std::make_unique_for_overwrite<uint64_t[]>(words);
  if (memory)
    std::memcpy(larger.get(), memory.get(), capacity);
  memory = std::move(larger);
  capacity = words * sizeof(uint64_t);
}

PlanBytes PlanBytes::copy(std::string_view bytes) {
  PlanBytes made;
  made.reserve(bytes.size());
  if (!bytes.empty())
    std::memcpy(made.memory.get(), bytes.data(), bytes.size());
  made.size = bytes.size();
  return made;
}

PlanBytes PlanBytes::read(const std::string &path, uint64_t limit, std::string &reason) {
  PlanBytes made;
  auto count = readFile(path, limit + 1, [&](size_t room) {
    made.reserve(room);
    return reinterpret_cast<char *>(made.memory.get());
  });
  if (count)
    made.size = *count;
  else
    reason = count.error().message();
  return made;
}
