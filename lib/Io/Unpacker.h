#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace xcs {

/// Unpacks the body of an answer as it comes: gzip and deflate (RFC 9110, 8.4.1), one within another. libcurl
/// could, but does not tell a body that ends too early from a whole one. Thread safety: one thread.
class Unpacker {
public:
  /// Given the unpacked pieces; false stops.
  using Sink = std::function<bool(std::string_view piece)>;

  /// Of the values of `Content-Encoding`, separated by commas; null when one of them is no coding that is
  /// known, or there are more than anybody needs. `most`: bytes from one coding to the next; what is small at
  /// the end may have been large between.
  static std::unique_ptr<Unpacker> of(std::string_view codings, uint64_t most, Sink sink);
  ~Unpacker();

  /// False when that is no packed data or too large, or the sink stopped.
  bool feed(std::string_view packed);
  bool isTooLarge() const { return between > most; }
  /// Whether what has come is whole.
  bool isWhole() const;

private:
  class Stage;
  Unpacker(uint64_t most, Sink sink);
  bool feed(size_t stage, std::string_view packed);

  const uint64_t most;
  uint64_t between = 0;
  Sink sink;
  std::vector<std::unique_ptr<Stage>> stages; // the coding that was applied last comes first
};

} // namespace xcs
