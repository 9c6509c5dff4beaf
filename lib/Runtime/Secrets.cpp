#include "Runtime/Secrets.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Runtime/Executor.h"
#include <algorithm>
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
  std::vector<std::string> forms{std::string(secret)};
  if (secret.size() < shortestSearched)
    return forms;
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
    const char *value = std::getenv(std::string(name).c_str());
    if (!value || !*value)
      return std::nullopt;
    known = secrets.emplace(name, Secret{value, formsOfSecret(value)}).first;
  }
  return known->second.value;
}

bool Secrets::echoedIn(std::string_view text) const {
  std::lock_guard lock(mutex);
  for (const auto &[name, secret] : secrets)
    if (secret.value.size() >= shortestSearched)
      for (const std::string &form : secret.forms)
        if (text.find(form) != std::string_view::npos)
          return true;
  return false;
}

std::vector<std::string> Secrets::used() const {
  std::vector<std::string> out;
  {
    std::lock_guard lock(mutex);
    for (const auto &[name, secret] : secrets)
      out.insert(out.end(), secret.forms.begin(), secret.forms.end());
  }
  // A form may be a part of another one.
  std::stable_sort(out.begin(), out.end(), [](auto &a, auto &b) { return a.size() > b.size(); });
  return out;
}

std::string xcs::redactSecrets(std::string text, const std::vector<std::string> &secrets) {
  static constexpr std::string_view replacement = "[redacted]";
  for (const std::string &secret : secrets)
    for (size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + replacement.size()))
      text.replace(at, secret.size(), replacement);
  return text;
}
