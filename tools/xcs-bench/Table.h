#pragma once
#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace xcs::bench {

/// A table printed with aligned columns, as Markdown.
class Table {
public:
  explicit Table(std::vector<std::string> head) : rows{std::move(head)} {}
  void add(std::vector<std::string> row) { rows.push_back(std::move(row)); }
  void print() const;

private:
  std::vector<std::vector<std::string>> rows;
};

/// A number with `digits` decimals.
std::string fixed(double value, int digits);

inline double nowSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  size_t n = values.size();
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// Times alternatives in turn, A B C A B C ..., `rounds` times after one warm-up each, so that a drift of the
/// machine affects all alike. Returns the median seconds of each.
inline std::vector<double> medianSecondsInTurn(int rounds, std::span<const std::function<void()>> bodies) {
  std::vector<std::vector<double>> times(bodies.size());
  for (int round = -1; round < rounds; ++round)
    for (size_t which = 0; which != bodies.size(); ++which) {
      double start = nowSeconds();
      bodies[which]();
      if (round >= 0)
        times[which].push_back(nowSeconds() - start);
    }
  std::vector<double> out;
  for (auto &t : times)
    out.push_back(median(t));
  return out;
}
template <std::invocable... Body> std::vector<double> medianSecondsInTurn(int rounds, Body &&...bodies) {
  const std::function<void()> all[] = {std::ref(bodies)...};
  return medianSecondsInTurn(rounds, std::span(all));
}

} // namespace xcs::bench
