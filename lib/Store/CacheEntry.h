#pragma once
#include "xcs/Store/ResultCache.h"

namespace xcs {

// The parts of an entry of the result cache as bytes: numbers of eight bytes, least first; texts after their
// length.

std::string packParts(std::span<const IdentityPart> parts);
/// False if the bytes are none that `packParts` gives.
bool unpackParts(std::string_view bytes, std::vector<IdentityPart> &out);

std::string packFiles(std::span<const CachedFile> files);
bool unpackFiles(std::string_view bytes, std::vector<CachedFile> &out);

/// What identifies the state of a file: a content that was found with it is in it still.
std::string packStatus(const struct stat &status);

} // namespace xcs
