#pragma once
#include "World/WorldOp.h"
#include "xcs/Store/ResultCache.h"

namespace xcs {

/// What identifies a request in the result cache.
struct CacheRequest {
  std::string key; // 32 bytes
  std::vector<IdentityPart> parts;
};

/// Collects the parts of a request. Each has a name of its own, which people read.
class IdentityParts {
public:
  explicit IdentityParts(const ResultCache &cache) : cache(cache) {}
  void add(std::string name, std::string_view content);
  void add(std::string name, const Value &content);
  CacheRequest finish();

private:
  void add(std::string name, CacheDigest &digest);

  const ResultCache &cache;
  std::vector<IdentityPart> parts;
  std::string digests; // whole ones
};

/// Adds what World/Draw.h says of a request, and what `secret(..)` and `env(..)` in it stand for. False: the
/// request may not be made, or could not; the world says why. `client` knows its ticket; `isDraw`: its place
/// counts. `program`: what `programOf` gives, of an `exec.run`.
bool addRequest(IdentityParts &parts, WorldContext &context, const WorldClient &client,
                const WorldRequest &request, bool isDraw, const std::string &program = {});

/// The program that a request of `exec.run` would start; empty if it may not, or there is none.
std::string programOf(const WorldContext &context, const WorldRequest &request);

} // namespace xcs
