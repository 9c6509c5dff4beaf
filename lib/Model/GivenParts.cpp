#include "Model/GivenParts.h"
#include "llvm/Support/Base64.h"

using namespace xcs;

GivenParts::GivenParts(const ConstantView &view, TypeId part)
    : text(fieldIndex(view, part, "text")), image(fieldIndex(view, part, "image")),
      detail(fieldIndex(view, part, "detail")) {}

const Value *xcs::presentField(const Value &record, size_t field) {
  if (field == SIZE_MAX)
    return nullptr;
  const Value &value = record.items()[field];
  if (value.kind() == ValueKind::OptionSome)
    return &value.items()[0];
  return value.kind() == ValueKind::OptionNone ? nullptr : &value;
}

const Value *GivenParts::textOf(const Value &part) const { return presentField(part, text); }
const Value *GivenParts::imageOf(const Value &part) const { return presentField(part, image); }
const Value *GivenParts::detailOf(const Value &part) const { return presentField(part, detail); }

/// By the first bytes, as browsers do it (WHATWG MIME Sniffing, 6.1); empty for any other format.
static std::string_view mediaTypeOf(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"))
    return "image/png";
  if (bytes.starts_with("\xFF\xD8\xFF"))
    return "image/jpeg";
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"))
    return "image/gif";
  if (bytes.starts_with("RIFF") && bytes.substr(0, 14).ends_with("WEBPVP"))
    return "image/webp";
  return {};
}

std::string GivenParts::wrongPart(const Value &part) const {
  const Value *said = textOf(part), *shown = imageOf(part);
  if (!said && !shown)
    return "has neither a text nor an image; leave it out";
  if (said && shown)
    return "has a text and an image; make two parts of it";
  if (!shown && detailOf(part))
    return "has a `detail` without an image; leave it out";
  if (shown && shown->kind() == ValueKind::Bytes && mediaTypeOf(shown->text()).empty())
    return "has an image that is no PNG, JPEG, GIF or WebP; give the `data:` URL of any other as a `str`";
  return {};
}

std::string GivenParts::wrong(const Value &parts, const std::string &whose) const {
  if (parts.size() == 0)
    return whose + " has a content without parts; give it at least one";
  for (size_t i = 0; i < parts.size(); ++i)
    if (std::string wrong = wrongPart(parts.items()[i]); !wrong.empty())
      return "part " + std::to_string(i) + " of " + whose + " " + wrong;
  return {};
}

static llvm::StringRef ref(std::string_view view) { return {view.data(), view.size()}; }

void GivenParts::writePart(const Value &part, llvm::json::OStream &json) const {
  json.object([&] {
    if (const Value *said = textOf(part)) {
      json.attribute("type", "text");
      json.attribute("text", ref(said->text()));
      return;
    }
    const Value &shown = *imageOf(part);
    const std::string_view content = shown.text();
    json.attribute("type", "image_url");
    json.attributeObject("image_url", [&] {
      if (shown.kind() == ValueKind::Bytes)
        json.attribute("url", "data:" + std::string(mediaTypeOf(content)) + ";base64," +
                                  llvm::encodeBase64(content));
      else
        json.attribute("url", ref(content));
      if (const Value *closely = detailOf(part))
        json.attribute("detail", ref(closely->text()));
    });
  });
}

void GivenParts::write(const Value &parts, llvm::json::OStream &json) const {
  if (const Value *only = parts.size() == 1 ? textOf(parts.items()[0]) : nullptr)
    return json.value(ref(only->text()));
  json.array([&] {
    for (const Value &part : parts.items())
      writePart(part, json);
  });
}

uint64_t GivenParts::imageBytes(const Value &parts, uint64_t &images) const {
  uint64_t bytes = 0;
  for (const Value &part : parts.items())
    if (const Value *shown = imageOf(part)) {
      ++images;
      bytes += shown->byteSize();
    }
  return bytes;
}
