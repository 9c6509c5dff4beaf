#include "Io/Unpacker.h"
#include <algorithm>
#include <strings.h>
#include <zlib.h>

using namespace xcs;

static constexpr size_t mostCodings = 4;

/// One coding: `inflate` over one or, with gzip, several members (RFC 1952, 2.2).
class Unpacker::Stage {
public:
  enum class Form : uint8_t { Gzip, Deflate };
  explicit Stage(Form form) : form(form) {}
  Stage(const Stage &) = delete;
  Stage &operator=(const Stage &) = delete;
  ~Stage() {
    if (isOpen)
      inflateEnd(&stream);
  }

  bool isWhole() const { return state == State::Ended; }
  /// Adds the next bytes of the input; all must be unpacked before the next call.
  void take(std::string_view packed) {
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
  }
  /// The next piece of the output, in `buffer`; empty if there is no more for now. False if the input is not
  /// packed data.
  bool next(std::vector<char> &buffer, std::string_view &piece);

private:
  enum class State : uint8_t { New, Going, Ended } state = State::New;
  bool begin();

  const Form form;
  bool isOpen = false;
  z_stream stream{};
};

/// `deflate` means the zlib format, but some servers send bare data. The first byte decides: a zlib head
/// names method 8 and a window of at most 32 KiB, and bare data with that byte would be a block type that
/// servers do not produce (stored, with non-zero padding).
bool Unpacker::Stage::begin() {
  Bytef first = *stream.next_in;
  bool isBare = form == Form::Deflate && ((first & 0x0F) != 8 || first >> 4 > 7);
  int windowBits = form == Form::Gzip ? MAX_WBITS + 16 : isBare ? -MAX_WBITS : MAX_WBITS;
  if (isOpen)
    return inflateReset(&stream) == Z_OK;
  isOpen = inflateInit2(&stream, windowBits) == Z_OK;
  return isOpen;
}

bool Unpacker::Stage::next(std::vector<char> &buffer, std::string_view &piece) {
  stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
  stream.avail_out = static_cast<uInt>(buffer.size());
  while (stream.avail_out == buffer.size()) {
    if (state != State::Going) {
      if (stream.avail_in == 0)
        break;
      // Only for gzip, another member may follow the end.
      if ((state == State::Ended && form != Form::Gzip) || !begin())
        return false;
      state = State::Going;
    }
    int code = inflate(&stream, Z_NO_FLUSH);
    if (code == Z_STREAM_END)
      state = State::Ended;
    else if (code == Z_BUF_ERROR) // needs more input
      break;
    else if (code != Z_OK)
      return false;
  }
  piece = {buffer.data(), buffer.size() - stream.avail_out};
  return true;
}

Unpacker::Unpacker(uint64_t most, Sink sink) : most(most), sink(std::move(sink)) {}
Unpacker::~Unpacker() = default;

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

std::unique_ptr<Unpacker> Unpacker::of(std::string_view codings, uint64_t most, Sink sink) {
  std::unique_ptr<Unpacker> made(new Unpacker(most, std::move(sink)));
  while (!codings.empty()) {
    size_t comma = std::min(codings.find(','), codings.size());
    std::string_view coding = trimmed(codings.substr(0, comma));
    codings.remove_prefix(std::min(comma + 1, codings.size()));
    auto is = [&](std::string_view name) {
      return coding.size() == name.size() && strncasecmp(coding.data(), name.data(), name.size()) == 0;
    };
    if (coding.empty() || is("identity"))
      continue;
    bool isGzip = is("gzip") || is("x-gzip");
    if ((!isGzip && !is("deflate")) || made->stages.size() == mostCodings)
      return nullptr;
    made->stages.push_back(std::make_unique<Stage>(isGzip ? Stage::Form::Gzip : Stage::Form::Deflate));
  }
  std::reverse(made->stages.begin(), made->stages.end());
  return made;
}

bool Unpacker::feed(std::string_view packed) { return feed(0, packed); }

// Recursion as deep as there are codings.
bool Unpacker::feed(size_t at, std::string_view packed) {
  if (at == stages.size())
    return sink(packed);
  std::vector<char> buffer(size_t(16) << 10);
  Stage &stage = *stages[at];
  stage.take(packed);
  for (;;) {
    std::string_view piece;
    if (!stage.next(buffer, piece))
      return false;
    if (piece.empty())
      return true;
    between += at + 1 < stages.size() ? piece.size() : 0;
    if (isTooLarge() || !feed(at + 1, piece))
      return false;
  }
}

bool Unpacker::isWhole() const {
  return std::all_of(stages.begin(), stages.end(), [](const auto &stage) { return stage->isWhole(); });
}
