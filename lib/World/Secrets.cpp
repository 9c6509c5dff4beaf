#include "World/Secrets.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>

using namespace xcs;

static constexpr size_t shortestSearched = 8;

/// Every byte as two hexadecimal digits, those that `plain` says as themselves.
template <class IsPlain>
static std::string hexForm(std::string_view text, const char *digits, std::string_view mark, IsPlain plain) {
  std::string out;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (plain(c))
      out += c;
    else
      (out += mark).append({digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

/// RFC 3986, 2.3.
static bool isUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

/// The digits (RFC 4648) that stand for `text` alone when `before` bytes stand before it in its group of
/// three.
static std::string base64Form(std::string_view text, size_t before, const char *digits) {
  std::string out;
  const size_t bits = 8 * (before + text.size());
  for (size_t at = (8 * before + 5) / 6 * 6; at + 6 <= bits; at += 6) {
    unsigned digit = 0;
    for (size_t bit = at - 8 * before; bit < at - 8 * before + 6; ++bit)
      digit = digit << 1 | (static_cast<unsigned char>(text[bit / 8]) >> (7 - bit % 8) & 1u);
    out += digits[digit];
  }
  return out;
}

std::vector<std::string> xcs::formsOfSecret(std::string_view secret) {
  if (secret.size() < shortestSearched)
    return {};
  std::vector<std::string> forms{std::string(secret)};
  static constexpr char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
  static constexpr char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static constexpr char forUrls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string json = quoteString(secret);
  forms.push_back(json.substr(1, json.size() - 2));
  auto none = [](char) { return false; };
  for (const char *digits : {lower, upper}) {
    forms.push_back(hexForm(secret, digits, "%", isUnreserved));
    forms.push_back(hexForm(secret, digits, "", none));
    std::string form = forms[forms.size() - 2]; // of forms in HTML, where a space is a plus
    for (size_t at = form.find("%20"); at != form.npos; at = form.find("%20", at + 1))
      form.replace(at, 3, "+");
    forms.push_back(std::move(form));
  }
  for (size_t before = 0; before < 3; ++before)
    for (const char *digits : {standard, forUrls})
      forms.push_back(base64Form(secret, before, digits));
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

std::optional<std::string> Secrets::resolve(std::string_view name) {
  std::lock_guard lock(mutex);
  auto known = secrets.find(name);
  if (known == secrets.end()) {
    // A name with a NUL in it is no name of a variable.
    const char *value = name.find('\0') == name.npos ? std::getenv(std::string(name).c_str()) : nullptr;
    if (!value || !*value)
      return std::nullopt;
    known = secrets.emplace(name, Secret{value, formsOfSecret(value)}).first;
  }
  return known->second.value;
}

/// The number that follows a `\u` at `at`; false when there is none.
static bool readUnit(std::string_view text, size_t at, uint32_t &unit) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u')
    return false;
  const char *digits = text.data() + at + 2;
  return std::from_chars(digits, digits + 4, unit, 16).ptr == digits + 4;
}

/// A text with its escapes (RFC 8259, 7) as what they stand for, whether it is JSON or not. Control
/// characters stay as they are: no secret has any.
static std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    uint32_t unit = 0, low = 0;
    if (readUnit(text, at, unit)) {
      at += 6;
      bool isPair =
          unit >= 0xD800 && unit < 0xDC00 && readUnit(text, at, low) && low >= 0xDC00 && low < 0xE000;
      at += isPair ? 6 : 0;
      appendUtf8(out, isPair ? 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00) : unit);
      continue;
    }
    bool isEscape = text[at] == '\\' && at + 1 < text.size() &&
                    std::string_view("\"\\/").find(text[at + 1]) != std::string_view::npos;
    at += isEscape;
    out += text[at++];
  }
  return out;
}

bool Secrets::echoedIn(std::string_view text) const {
  std::lock_guard lock(mutex);
  auto holds = [&](std::string_view searched) {
    for (const auto &[name, secret] : secrets)
      for (const std::string &form : secret.forms)
        if (searched.find(form) != std::string_view::npos)
          return true;
    return false;
  };
  return holds(text) || (text.find('\\') != std::string_view::npos && holds(unescaped(text)));
}

bool Secrets::echoedIn(const Value &value) const {
  std::vector<const Value *> open{&value};
  while (!open.empty()) {
    const Value *at = open.back();
    open.pop_back();
    if (at->kind() == ValueKind::Str || at->kind() == ValueKind::Bytes) {
      if (echoedIn(at->text()))
        return true;
    } else if (at->kind() >= ValueKind::List && at->kind() <= ValueKind::ResultError) {
      for (const Value &item : at->items())
        open.push_back(&item);
    }
  }
  return false;
}

bool Secrets::empty() const {
  std::lock_guard lock(mutex);
  return secrets.empty();
}

std::vector<std::string> Secrets::used() const {
  std::vector<std::string> out;
  std::lock_guard lock(mutex);
  for (const auto &[name, secret] : secrets)
    out.insert(out.end(), secret.forms.begin(), secret.forms.end());
  return out;
}

std::vector<std::string> Secrets::shortOnes() const {
  std::vector<std::string> out;
  std::lock_guard lock(mutex);
  for (const auto &[name, secret] : secrets)
    if (secret.forms.empty())
      out.push_back(name);
  return out;
}
