#include "Plan/Checksum.h"

#include "Plan/PlanFormat.h"

using namespace xcs::planformat;

/// Starting a thread costs about 30 us, as much as the checksum of half a megabyte.
static constexpr size_t worthAThread = 2 << 20;

void *Checksum::compute(void *self) {
  auto *checksum = static_cast<Checksum *>(self);
  checksum->result = checksumOf(checksum->body);
  return nullptr;
}

Checksum::Checksum(std::string_view body) : body(body) {
  // If no thread can be created, it is computed later.
  running = body.size() >= worthAThread && pthread_create(&thread, nullptr, compute, this) == 0;
  if (!running)
    compute(this);
}

uint64_t Checksum::value() {
  if (running)
    pthread_join(thread, nullptr);
  running = false;
  return result;
}
