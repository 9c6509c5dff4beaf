#pragma once
#include "Ops/CompiledSchema.h"
#include <map>

namespace xcs {

/// The places of a schema's parts, and the names that references may call them by: JSON pointers, `$id` and
/// `$anchor`. A part with an `$id` of its own begins a resource, which references within it start from.
class SchemaPlaces {
public:
  void addSchema(std::string pointer, uint32_t node) { byPointer.emplace(std::move(pointer), node); }
  /// `id` is relative to the resource `around`. False when there is a resource of that URI.
  bool addResource(uint32_t around, std::string_view id, std::string pointer, uint32_t &resource);
  /// False when the resource has an anchor of that name.
  bool addAnchor(uint32_t resource, std::string_view name, uint32_t node) {
    return anchors.emplace(std::pair(resource, std::string(name)), node).second;
  }
  /// The schema that a reference within a resource leads to; SchemaNode::none, with the reason in `why`.
  uint32_t find(uint32_t resource, std::string_view reference, std::string &why) const;

private:
  struct Resource {
    std::string base, pointer;
  };
  std::vector<Resource> resources = {{}}; // the first one is the whole, if it has no `$id`
  std::map<std::string, uint32_t, std::less<>> byUri, byPointer;
  std::map<std::pair<uint32_t, std::string>, uint32_t> anchors;
};

/// A schema that is applied to the very value that it is being applied to, which would never end; none when
/// every loop goes by way of a part of the value.
uint32_t endlessSchema(const std::vector<SchemaNode> &nodes);

} // namespace xcs
