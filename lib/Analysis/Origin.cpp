#include "xcs/Analysis/Effects.h"
#include "xcs/Support/HostPort.h"
#include "llvm/ADT/StringExtras.h"

using namespace xcs;

// What cannot be read for certain has no origin here: an unknown target is ordered with every other, a wrong
// one with none. Names beyond ASCII are spelled in more than one way.
std::string xcs::originOf(std::string_view text) {
  auto url = readUrl(text);
  if (!url || !llvm::isASCII(url->host()))
    return {};
  return url->scheme + "://" + HostPort{hostIdentity(url->host()), url->port()}.text();
}
