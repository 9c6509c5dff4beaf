#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xcs {

/// A pattern of paths beneath a directory: names between slashes. In a name `*` is any characters, `?` one,
/// `[a-z]` one of some and `[!a-z]` one of the others; the name `**` is any number of names. A name that
/// begins with a dot is met only by one that does so, too. Text is UTF-8; a byte that is none counts as a
/// character.
class GlobPattern {
public:
  static constexpr size_t maxBytes = 4096; // PATH_MAX

  /// None if the text is not one; `why` says what it must do.
  static std::optional<GlobPattern> parse(std::string_view text, std::string &why);

  /// The names of the pattern that the next name of a path may meet, ascending.
  using Places = std::vector<uint32_t>;
  Places start() const;
  /// The same after a name; `isWhole`: the path with that name meets the whole pattern.
  Places after(const Places &places, std::string_view name, bool &isWhole) const;
  bool wantsDirectories() const { return isForDirectories; }

private:
  struct Element {
    enum class Kind : uint8_t { Character, Any, Run, Set } kind = Kind::Character;
    uint32_t character = 0;
    bool isNegated = false;
    std::vector<std::pair<uint32_t, uint32_t>> ranges = {};
    bool meets(uint32_t c) const;
  };
  struct Name {
    bool isDeep = false; // `**`
    bool takesDot = false;
    std::vector<Element> elements = {};
    bool meets(const std::vector<uint32_t> &name) const;
  };
  static bool parseName(std::string_view text, Name &name);
  void enter(uint32_t place, Places &to) const;

  std::vector<Name> names;
  bool isForDirectories = false;
};

} // namespace xcs
