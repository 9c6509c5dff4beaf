#pragma once
#include "xcs/Support/InternIndex.h"
#include <string_view>
#include <vector>

namespace xcs {

/// Finds keys among those of one object, dictionary or record type. Looking them up in order costs one
/// comparison each, in any other order a hash, so that no order of many keys takes quadratic time. The texts
/// must outlive it.
class KeyFinder {
public:
  static constexpr size_t absent = SIZE_MAX;
  KeyFinder() = default;
  /// `keyAt(i)` is the text of key `i`.
  template <class KeyAt> KeyFinder(size_t count, KeyAt keyAt) {
    keys.reserve(count);
    for (size_t i = 0; i < count; ++i)
      keys.push_back(keyAt(i));
  }
  /// The number of a key; `absent` if there is no such key.
  size_t find(std::string_view key);

private:
  std::vector<std::string_view> keys;
  InternIndex index;   // built by the first lookup out of order
  size_t expected = 0; // the number of the next key in order
};

} // namespace xcs
