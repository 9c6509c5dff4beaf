#include "Lowering/LocationLowering.h"

using namespace xcs;

uint32_t LocationLowering::addRow(Location at, uint32_t caller) {
  LineColumn place = module.locations.resolve(at);
  // Nearly all operations are in one file, whose name is one object: no need to hash it for each.
  if (!lastFileId || place.file.data() != lastFile.data() || place.file.size() != lastFile.size()) {
    lastFile = place.file;
    lastFileId = module.pool.intern(place.file);
  }
  const uint32_t row = static_cast<uint32_t>(rows.size());
  rows.push_back({lastFileId, place.line, place.column});
  if (caller != UINT32_MAX)
    callSites.push_back({row, caller});
  return row;
}

/// The row of a caller, after those of its own callers.
uint32_t LocationLowering::callerRow(Location caller) {
  std::vector<Location> missing; // from the inside out
  uint32_t row = UINT32_MAX;
  for (; caller.known(); caller = module.locations.callerOf(caller)) {
    if (auto found = callerRows.find(caller.bits); found != callerRows.end()) {
      row = found->second;
      break;
    }
    missing.push_back(caller);
  }
  for (size_t i = missing.size(); i-- != 0;)
    callerRows[missing[i].bits] = row = addRow(missing[i], row);
  return row;
}

uint32_t LocationLowering::lower(Location at) {
  if (!at.known())
    return UINT32_MAX;
  if (at == last)
    return lastRow;
  last = at;
  return lastRow = addRow(at, callerRow(module.locations.callerOf(at)));
}
