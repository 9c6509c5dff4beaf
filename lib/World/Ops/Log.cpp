#include "World/Secrets.h"
#include "World/WorldOp.h"
#include "xcs/World/Redaction.h"
#include <cstdio>
#include <unistd.h>

using namespace xcs;

/// On a terminal, control characters could move the cursor or worse: they are shown as `\x1b`.
static void appendShown(std::string &line, std::string_view text, bool terminal) {
  static constexpr char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F, which terminals obey as well: c2 80 to c2 9f in UTF-8.
    unsigned char next = byte == 0xC2 && i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    bool isPair = next >= 0x80 && next < 0xA0;
    if (terminal && byte != '\n' && byte != '\t' && (byte < 0x20 || byte == 0x7F || isPair)) {
      byte = isPair ? next : byte;
      i += isPair;
      line += "\\x";
      line += digits[byte >> 4];
      line += digits[byte & 15];
    } else {
      line += text[i];
    }
  }
}

/// `[3.1] ` for the second iteration of an inner map in the fourth of an outer one.
static std::string iterationPrefix(const RequestPlace &place) {
  std::string path;
  for (const RequestPlace::Step &step : place.steps)
    if (step.index != UINT32_MAX)
      path += (path.empty() ? "" : ".") + std::to_string(step.index);
  return path.empty() ? "" : "[" + path + "] ";
}

/// Printed on the spot: order edges keep the lines of one activation in order, and one write keeps each line
/// whole.
std::unique_ptr<WorldOp> worldops::log_print(WorldOp::Site site, ImmediateResult &immediate) {
  bool terminal = isatty(STDERR_FILENO);
  std::string line = iterationPrefix(site.context.client.placeOf(site.ticket));
  for (size_t i = 0; i < site.operands.size(); ++i) {
    if (i)
      line += ' ';
    appendShown(line, site.operands[i].text(), terminal);
  }
  line += '\n';
  line = redactSecrets(std::move(line), site.context.secrets.used());
  fwrite(line.data(), 1, line.size(), stderr);
  immediate.value = Value::none();
  return nullptr;
}
