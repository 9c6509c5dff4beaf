#include "Ops/SchemaReferences.h"
#include "Ops/UriReference.h"
#include <algorithm>

using namespace xcs;

bool SchemaPlaces::addResource(uint32_t around, std::string_view id, std::string pointer,
                               uint32_t &resource) {
  std::string base = resolveUri(resources[around].base, id);
  resource = static_cast<uint32_t>(resources.size());
  resources.push_back({base, std::move(pointer)});
  return byUri.emplace(std::move(base), resource).second;
}

uint32_t SchemaPlaces::find(uint32_t resource, std::string_view reference, std::string &why) const {
  size_t hash = std::min(reference.find('#'), reference.size());
  std::string_view uri = reference.substr(0, hash);
  std::string fragment;
  if (hash != reference.size() && !percentDecode(reference.substr(hash + 1), fragment)) {
    why = "a `%` in it is not followed by two hexadecimal digits";
    return SchemaNode::none;
  }
  if (!uri.empty()) {
    std::string whole = resolveUri(resources[resource].base, uri);
    auto named = byUri.find(whole);
    if (named == byUri.end()) {
      why = "no schema in this document has the `$id` `" + whole +
            "`, and other documents are not read: copy that schema into `$defs` and refer to `#/$defs/name`";
      return SchemaNode::none;
    }
    resource = named->second;
  }
  if (fragment.empty() || fragment.starts_with('/')) {
    auto found = byPointer.find(resources[resource].pointer + fragment);
    if (found != byPointer.end())
      return found->second;
    why = "there is no schema at `" + std::string(reference) + "`";
    return SchemaNode::none;
  }
  auto found = anchors.find(std::pair(resource, fragment));
  if (found != anchors.end())
    return found->second;
  why = "there is no schema with the `$anchor` `" + std::string(reference.substr(hash + 1)) +
        "`; a place begins with `#/`";
  return SchemaNode::none;
}

// Depth first, `path` being the way to the current node.
uint32_t xcs::endlessSchema(const std::vector<SchemaNode> &nodes) {
  auto inPlace = [&](uint32_t index) {
    std::vector<uint32_t> to;
    nodes[index].eachInPlace([&](uint32_t part) { to.push_back(part); });
    return to;
  };
  enum class Mark : uint8_t { New, Open, Done };
  std::vector<Mark> marks(nodes.size(), Mark::New);
  struct Step {
    uint32_t index;
    std::vector<uint32_t> to;
  };
  for (uint32_t start = 0; start < nodes.size(); ++start) {
    std::vector<Step> path;
    if (marks[start] == Mark::New)
      path.push_back({start, inPlace(start)});
    while (!path.empty()) {
      Step &top = path.back();
      marks[top.index] = Mark::Open;
      if (top.to.empty()) {
        marks[top.index] = Mark::Done;
        path.pop_back();
        continue;
      }
      uint32_t to = top.to.back();
      top.to.pop_back();
      if (marks[to] == Mark::Open)
        return to;
      if (marks[to] == Mark::New)
        path.push_back({to, inPlace(to)});
    }
  }
  return SchemaNode::none;
}
