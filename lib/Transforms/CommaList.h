#pragma once
#include <cstddef>
#include <string_view>

namespace xcs {

/// Iterates over `a, b(c,d), e`: the parts between commas outside of parentheses, without the surrounding
/// spaces. An empty text has no parts.
class CommaList {
public:
  explicit CommaList(std::string_view text) : text(text) {}

  class iterator {
  public:
    iterator(std::string_view rest, bool done) : rest(rest), done(done) { take(); }
    std::string_view operator*() const { return part; }
    iterator &operator++() {
      done = partEnd == rest.size();
      if (!done)
        rest.remove_prefix(partEnd + 1);
      take();
      return *this;
    }
    bool operator==(const iterator &other) const { return done == other.done; }

  private:
    void take() {
      size_t depth = 0;
      for (partEnd = 0; partEnd != rest.size() && (depth != 0 || rest[partEnd] != ','); ++partEnd) {
        if (rest[partEnd] == '(')
          ++depth;
        else if (rest[partEnd] == ')' && depth != 0)
          --depth;
      }
      part = rest.substr(0, partEnd);
      while (!part.empty() && part.front() == ' ')
        part.remove_prefix(1);
      while (!part.empty() && part.back() == ' ')
        part.remove_suffix(1);
    }
    std::string_view rest, part;
    size_t partEnd = 0;
    bool done;
  };

  iterator begin() const { return {text, text.empty()}; }
  iterator end() const { return {{}, true}; }

private:
  std::string_view text;
};

} // namespace xcs
