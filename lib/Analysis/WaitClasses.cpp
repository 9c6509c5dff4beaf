#include "Analysis/WaitClasses.h"
#include <algorithm>

using namespace xcs;

static uint64_t mix(uint64_t h) {
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u; // finaliser of SplitMix64
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  return h ^ (h >> 31);
}

uint32_t WaitClasses::intern(const Set &set) {
  uint64_t hash = set.size;
  for (uint32_t i = 0; i != set.size; ++i)
    hash = mix(hash + set.atoms[i] + 0x9e3779b97f4a7c15u);
  uint32_t found = setIndex.find(hash, [&](uint32_t i) { return sets[i] == set; });
  if (found != InternIndex::absent)
    return found;
  setIndex.insert(hash, count());
  sets.push_back(set);
  return count() - 1;
}

uint32_t WaitClasses::join(uint32_t a, uint32_t b) {
  if (a == b || b == nothing)
    return a;
  if (a == nothing)
    return b;
  if (a > b)
    std::swap(a, b);
  uint64_t hash = mix((static_cast<uint64_t>(a) << 32 | b) + 0x9e3779b97f4a7c15u);
  uint32_t known = joinIndex.find(hash, [&](uint32_t i) { return joins[i].a == a && joins[i].b == b; });
  if (known != InternIndex::absent)
    return joins[known].result;

  std::array<uint32_t, 2 * exact> both;
  const Set &left = sets[a], &right = sets[b];
  auto end = std::set_union(left.atoms.begin(), left.atoms.begin() + left.size, right.atoms.begin(),
                            right.atoms.begin() + right.size, both.begin());
  Set set;
  if (size_t size = static_cast<size_t>(end - both.begin()); size <= exact) {
    set.size = static_cast<uint32_t>(size);
    std::copy(both.begin(), end, set.atoms.begin());
  } else {
    set.size = 1;
    set.atoms[0] = nextAtom++;
  }
  uint32_t result = intern(set);
  joinIndex.insert(hash, static_cast<uint32_t>(joins.size()));
  joins.push_back({a, b, result});
  return result;
}

uint32_t WaitClasses::classOfAtom(uint32_t atom) {
  Set set;
  set.size = 1;
  set.atoms[0] = atom;
  return intern(set);
}

void WaitClasses::compute(const DependencyGraph &graph, const std::vector<uint8_t> &small) {
  classes.assign(graph.size(), nothing);
  joined.assign(graph.size(), 0);
  sets.clear();
  joins.clear();
  setIndex = InternIndex();
  joinIndex = InternIndex();
  nextAtom = static_cast<uint32_t>(graph.size());
  intern(Set()); // becomes `nothing`
  for (uint32_t node = 0; node != graph.size(); ++node) {
    if (joined[node] == crowd)
      classes[node] = classOfAtom(node);
    bool isSmall = small[node];
    if (isSmall && classes[node] == nothing)
      continue;
    uint32_t out = nothing; // computed on demand: most slow nodes have no small successor
    for (uint32_t successor : graph.successors(node)) {
      if (!small[successor] || joined[successor] == crowd)
        continue;
      if (out == nothing)
        out = isSmall ? classes[node] : classOfAtom(node);
      if (classes[successor] != out && ++joined[successor] != crowd)
        classes[successor] = join(classes[successor], out);
    }
  }
}
