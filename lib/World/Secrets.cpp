#include "World/Secrets.h"
#include "World/SecretSearch.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Utf8.h"
#include "xcs/World/LiveWorld.h"
#include <algorithm>
#include <iterator>

using namespace xcs;

static constexpr size_t shortestSearched = 8;

/// Every byte as `mark` and two hexadecimal digits, except those that `plain` accepts, which are unchanged.
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

/// The base64 digits (RFC 4648) that depend only on `text`, if `before` bytes precede it in its group of
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

static void addForms(std::string_view secret, std::vector<std::string> &forms) {
  forms.emplace_back(secret);
  static constexpr char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
  static constexpr char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static constexpr char forUrls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string json = quoteString(secret);
  forms.push_back(json.substr(1, json.size() - 2));
  auto none = [](char) { return false; };
  for (const char *digits : {lower, upper}) {
    forms.push_back(hexForm(secret, digits, "%", isUnreserved));
    forms.push_back(hexForm(secret, digits, "", none));
    std::string form = forms[forms.size() - 2]; // for forms in HTML, where a space is a plus
    for (size_t at = form.find("%20"); at != form.npos; at = form.find("%20", at + 1))
      form.replace(at, 3, "+");
    forms.push_back(std::move(form));
  }
  for (size_t before = 0; before < 3; ++before)
    for (const char *digits : {standard, forUrls})
      forms.push_back(base64Form(secret, before, digits));
}

std::vector<std::string> xcs::formsOfSecret(std::string_view secret) {
  std::vector<std::string> forms;
  // Programs that pass it on may trim blanks at its ends.
  for (std::string_view text : {secret, trimWhiteSpace(secret)})
    if (text.size() >= shortestSearched)
      addForms(text, forms);
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

Secrets::Secrets(std::map<std::string, std::string, std::less<>> given) : values(std::move(given)) {
  for (const auto &[name, value] : values) {
    std::vector<std::string> own = formsOfSecret(value);
    if (own.empty())
      tooShort.push_back(name);
    forms.insert(forms.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
}

std::optional<std::string_view> Secrets::valueOf(std::string_view name) const {
  auto known = values.find(name);
  return known == values.end() ? std::nullopt : std::optional<std::string_view>(known->second);
}

bool Secrets::echoedIn(std::string_view text) const { return holdsSecret(text, forms); }

bool Secrets::echoedIn(const Value &value) const {
  std::vector<const Value *> open{&value};
  while (!open.empty()) {
    const Value *at = open.back();
    open.pop_back();
    if (at->kind() == ValueKind::Str || at->kind() == ValueKind::Bytes || at->kind() == ValueKind::Whole) {
      if (echoedIn(at->text()))
        return true;
    } else if (at->kind() >= ValueKind::List && at->kind() <= ValueKind::Dict) {
      for (const Value &item : at->items())
        open.push_back(&item);
    }
  }
  return false;
}

/// Read before the run reads or sends anything, so that what is searched for secrets does not depend on the
/// order of operations.
Secrets xcs::grantedSecrets(const PlanView &plan, const WorldOptions &options) {
  std::map<std::string, std::string, std::less<>> values;
  for (const AttrNode &attr : plan.constants.attrs)
    if (attr.kind == AttrKind::Secret) {
      std::string name(
          plan.constants.textAttr(AttrId(static_cast<uint32_t>(&attr - plan.constants.attrs.data()))));
      if (!options.grants.mayUse(name) || values.contains(name))
        continue;
      if (std::optional<std::string> value = options.host->secret(name); value && !value->empty())
        values.emplace(std::move(name), std::move(*value));
    }
  return Secrets(std::move(values));
}
