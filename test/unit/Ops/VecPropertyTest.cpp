// vec.top_k against sorting everything, with rapidcheck where it is installed.
#ifdef XCS_HAVE_RAPIDCHECK
#include "OpsTest.h"
#include <algorithm>
#include <rapidcheck/gtest.h>

using namespace xcs;

namespace {

struct VecProperties : OpsTest {
  Typed vector(const std::vector<int> &numbers) {
    std::vector<Typed> items;
    for (int number : numbers)
      items.push_back(F(number));
    return L(f64, items);
  }
};

RC_GTEST_FIXTURE_PROP(VecProperties, TopKIsTheHeadOfAStableSort, ()) {
  auto draw = [] {
    std::vector<int> numbers = *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(-3, 4));
    numbers[0] = numbers[0] ? numbers[0] : 1; // no zero vector
    return numbers;
  };
  Typed query = vector(draw());
  std::vector<Typed> candidates;
  std::vector<std::pair<double, size_t>> scored;
  auto count = *rc::gen::inRange<size_t>(0, 12);
  for (size_t i = 0; i < count; ++i) {
    candidates.push_back(vector(draw()));
    Value score;
    OpError error;
    TypeId type = f64;
    RC_ASSERT(evaluate("vec.cosine", {query, candidates[i]}, {}, type, score, error));
    scored.emplace_back(score.asF64(), i);
  }
  std::ranges::stable_sort(scored, std::greater<>(), &std::pair<double, size_t>::first);
  auto wanted = *rc::gen::inRange<size_t>(0, 14);
  std::string expected = "[";
  for (size_t i = 0; i < std::min(wanted, scored.size()); ++i)
    expected += (i ? "," : "") + std::to_string(scored[i].second);
  RC_ASSERT(eval("vec.top_k", {query, L(pool.list(f64), candidates), I(static_cast<int64_t>(wanted))}) ==
            expected + "]");
}

} // namespace
#endif
