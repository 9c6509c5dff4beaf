#include "LocationLowering.h"

using namespace xcs;

uint32_t LocationLowering::lower(Location at) {
  if (!at.known())
    return UINT32_MAX;
  if (at == last)
    return static_cast<uint32_t>(rows.size() - 1);
  LineColumn place = module.locations.resolve(at);
  // One file holds nearly all operations, and its name is one object: no need to hash it for each.
  if (!lastFileId || place.file.data() != lastFile.data() || place.file.size() != lastFile.size()) {
    lastFile = place.file;
    lastFileId = module.pool.intern(place.file);
  }
  last = at;
  rows.push_back({lastFileId, place.line, place.column});
  return static_cast<uint32_t>(rows.size() - 1);
}
