#include "xcsc/TextDiff.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <vector>

using namespace xcs;

using Lines = std::vector<std::string_view>;

namespace {

/// Lines [first, last) of the old text became lines [newFirst, newLast) of the new one.
struct Change {
  size_t first, last, newFirst, newLast;
};

/// Finds the changes between two texts.
class Differ {
public:
  Differ(const Lines &a, const Lines &b) : a(a), b(b) {}
  std::vector<Change> run();

private:
  static constexpr int mostEdits = 2000; // their trace takes 16 MB
  bool search(size_t from, int n, int m);
  void backtrack(size_t from, int n, int m);

  const Lines &a, &b;
  std::vector<std::vector<int>> trace; // by number of edits: the furthest old line reached on each diagonal
  std::vector<Change> changes;
};

} // namespace

static Lines linesOf(std::string_view text) {
  Lines lines;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::vector<Change> Differ::run() {
  size_t from = 0, n = a.size(), m = b.size();
  while (from < std::min(n, m) && a[from] == b[from])
    ++from;
  while (n > from && m > from && a[n - 1] == b[m - 1])
    --n, --m;
  if (n == from && m == from)
    return {};
  if (search(from, static_cast<int>(n - from), static_cast<int>(m - from)))
    backtrack(from, static_cast<int>(n - from), static_cast<int>(m - from));
  else
    changes.push_back({from, n, from, m});
  return std::move(changes);
}

/// The forward search of Myers: reach[k] is the furthest old line on diagonal k (old minus new) with d edits.
bool Differ::search(size_t from, int n, int m) {
  int most = std::min(n + m, mostEdits);
  std::vector<int> reach(2 * static_cast<size_t>(most) + 3, 0);
  auto at = [&](int k) -> int & { return reach[static_cast<size_t>(k + most + 1)]; };
  for (int d = 0; d <= most; ++d) {
    trace.emplace_back(reach.begin() + (most + 1 - d - 1), reach.begin() + (most + 1 + d + 2));
    for (int k = -d; k <= d; k += 2) {
      int x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < n && x - k < m && a[from + static_cast<size_t>(x)] == b[from + static_cast<size_t>(x - k)])
        ++x;
      at(k) = x;
      if (x >= n && x - k >= m)
        return true;
    }
  }
  return false;
}

/// Follows the trace back; adjacent edits become one change.
void Differ::backtrack(size_t from, int n, int m) {
  int x = n, y = m;
  for (int d = static_cast<int>(trace.size()) - 1; d > 0; --d) {
    auto at = [&](int k) { return trace[static_cast<size_t>(d)][static_cast<size_t>(k + d + 1)]; };
    int k = x - y;
    bool inserts = k == -d || (k != d && at(k - 1) < at(k + 1));
    int previous = inserts ? k + 1 : k - 1;
    int px = at(previous), py = px - previous;
    // The edit is at (px, py): it removes an old line or adds a new one; after it, lines are equal.
    Change edit{from + static_cast<size_t>(px), from + static_cast<size_t>(px + !inserts),
                from + static_cast<size_t>(py), from + static_cast<size_t>(py + inserts)};
    if (!changes.empty() && changes.back().first == edit.last && changes.back().newFirst == edit.newLast)
      changes.back().first = edit.first, changes.back().newFirst = edit.newFirst;
    else
      changes.push_back(edit);
    x = px, y = py;
  }
  std::reverse(changes.begin(), changes.end());
}

/// One hunk: changes[first] to changes[last - 1] and the lines around them.
static void printHunk(const Lines &a, const Lines &b, const Change *first, const Change *last, size_t context,
                      llvm::raw_ostream &out) {
  size_t begin = first->first - std::min(context, first->first);
  size_t end = std::min(a.size(), (last - 1)->last + context);
  size_t newBegin = first->newFirst - (first->first - begin),
         newEnd = (last - 1)->newLast + (end - (last - 1)->last);
  out << "@@ -" << begin + 1 << ',' << end - begin << " +" << newBegin + 1 << ',' << newEnd - newBegin
      << " @@\n";
  size_t at = begin;
  auto lines = [&](char mark, const Lines &text, size_t from, size_t to) {
    for (; from < to; ++from)
      out << mark << text[from] << '\n';
  };
  for (const Change *change = first; change != last; ++change) {
    lines(' ', a, at, change->first);
    lines('-', a, change->first, change->last);
    lines('+', b, change->newFirst, change->newLast);
    at = change->last;
  }
  lines(' ', a, at, end);
}

void compiler::printDiff(std::string_view pass, std::string_view before, std::string_view after,
                         llvm::raw_ostream &out) {
  static constexpr size_t context = 3;
  Lines a = linesOf(before), b = linesOf(after);
  std::vector<Change> changes = Differ(a, b).run();
  if (changes.empty()) {
    out << "// no change by " << pass << '\n';
    return;
  }
  out << "// changes by " << pass << '\n';
  for (size_t first = 0; first < changes.size();) {
    size_t last = first + 1;
    while (last < changes.size() && changes[last].first - changes[last - 1].last <= 2 * context)
      ++last;
    printHunk(a, b, &changes[first], &changes[0] + last, context, out);
    first = last;
  }
}
