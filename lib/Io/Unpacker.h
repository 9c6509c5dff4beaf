#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace xcs {

/// Unpacks the body of an answer as it arrives: gzip and deflate (RFC 9110, 8.4.1), possibly nested. libcurl
/// could do it, but does not distinguish a truncated body from a whole one. Thread safety: one thread.
class Unpacker {
public:
  /// Called with the unpacked pieces; returns false to stop.
  using Sink = std::function<bool(std::string_view piece)>;

  /// From the values of `Content-Encoding`, separated by commas; null if one of them is not a known coding,
  /// or there are too many. `most`: the bound in bytes between two codings; data that is small at the end may
  /// have been large in between.
  static std::unique_ptr<Unpacker> of(std::string_view codings, uint64_t most, Sink sink);
  ~Unpacker();

  /// False if the data is not valid packed data or too large, or if the sink stopped.
  bool feed(std::string_view packed);
  bool isTooLarge() const { return between > most; }
  /// Whether the data so far is complete.
  bool isWhole() const;

private:
  class Stage;
  Unpacker(uint64_t most, Sink sink);
  bool feed(size_t stage, std::string_view packed);

  const uint64_t most;
  uint64_t between = 0;
  Sink sink;
  std::vector<std::unique_ptr<Stage>> stages; // the coding applied last comes first
};

} // namespace xcs
