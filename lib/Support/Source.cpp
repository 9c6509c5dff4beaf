#include "xcs/Support/Source.h"
#include <algorithm>
#include <cstring>

using namespace xcs;

SourceBuffer::SourceBuffer(std::string name, std::string text, uint32_t linesBefore)
    : fileName(std::move(name)), content(std::move(text)), before(linesBefore) {
  // Offsets share their 32 bits with the explicit locations; Limit::SourceBytes refuses such texts before.
  assert(content.size() < Location::explicitBit && "source text too large for 31-bit offsets");
}

SourceBuffer::SourceBuffer(std::shared_ptr<const SourceBuffer> from, std::string text,
                           std::vector<Origin> places)
    : fileName(from->name()), content(std::move(text)), before(0), original(std::move(from)),
      origins(std::move(places)) {
  assert(content.size() < Location::explicitBit && "source text too large for 31-bit offsets");
}

/// Built on demand: most runs report nothing, and a text may be a gigabyte.
void SourceBuffer::buildLines() const {
  lineStarts.push_back(0);
  const char *begin = content.data(), *end = begin + content.size();
  for (const char *at = begin; at != end;) {
    const void *found = std::memchr(at, '\n', static_cast<size_t>(end - at));
    if (!found)
      break;
    at = static_cast<const char *>(found) + 1;
    lineStarts.push_back(static_cast<uint32_t>(at - begin));
  }
}

/// The line is the last one that starts at or before the offset.
LineColumn SourceBuffer::lineColumn(uint32_t offset) const {
  if (original) {
    const auto after = std::upper_bound(origins.begin(), origins.end(), offset,
                                        [](uint32_t at, const Origin &each) { return at < each.made; });
    return original->lineColumn(after == origins.begin() ? 0 : (after - 1)->from);
  }
  if (lineStarts.empty())
    buildLines();
  offset = std::min(offset, static_cast<uint32_t>(content.size()));
  auto after = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  uint32_t line = static_cast<uint32_t>(after - lineStarts.begin());
  return {fileName, before + line, offset - lineStarts[line - 1] + 1};
}

std::string_view SourceBuffer::line(uint32_t line) const {
  if (original)
    return original->line(line);
  if (lineStarts.empty())
    buildLines();
  if (line <= before || line - before > lineStarts.size())
    return {};
  line -= before;
  size_t begin = lineStarts[line - 1];
  size_t end = line == lineStarts.size() ? content.size() : lineStarts[line] - 1;
  if (end > begin && content[end - 1] == '\r')
    --end;
  return std::string_view(content).substr(begin, end - begin);
}

LocationTable::LocationTable(std::shared_ptr<const SourceBuffer> main) {
  if (main)
    addBuffer(std::move(main));
}

uint32_t LocationTable::addBuffer(std::shared_ptr<const SourceBuffer> buffer) {
  assert(buffer->text().size() <= room() && "source texts too large for 31-bit offsets");
  uint32_t begin = end;
  // Plus one, so that the end of a text is a place in it and not the beginning of the next.
  end += static_cast<uint32_t>(buffer->text().size()) + 1;
  files.push_back({begin, std::move(buffer)});
  return begin;
}

Location LocationTable::addExplicit(std::string file, uint32_t line, uint32_t column) {
  entries.push_back({std::move(file), line, column});
  return Location::atIndex(static_cast<uint32_t>(entries.size() - 1));
}

Location LocationTable::addCalled(Location at, Location caller) {
  // All ones would be the unknown location.
  if (!at.known() || !caller.known() || called.size() >= Location::calledBit - 1)
    return at;
  called.push_back({at, caller});
  return Location::atCall(static_cast<uint32_t>(called.size() - 1));
}

Location LocationTable::callerOf(Location at) const {
  return at.isCalled() ? called[at.index()].caller : Location();
}

Location LocationTable::withoutCallers(Location at) const {
  return at.isCalled() ? called[at.index()].at : at;
}

const LocationTable::File *LocationTable::fileOf(Location at) const {
  at = withoutCallers(at);
  if (!at.known() || at.isExplicit() || files.empty())
    return nullptr;
  auto after = std::upper_bound(files.begin(), files.end(), at.offset(),
                                [](uint32_t offset, const File &file) { return offset < file.begin; });
  return &*(after - 1);
}

const SourceBuffer *LocationTable::bufferOf(Location at) const {
  const File *file = fileOf(at);
  return file ? file->buffer.get() : nullptr;
}

std::string_view LocationTable::textFrom(Location at) const {
  const File *file = fileOf(at);
  if (!file)
    return {};
  const std::string_view text = file->buffer->text();
  return text.substr(std::min<size_t>(withoutCallers(at).offset() - file->begin, text.size()));
}

LineColumn LocationTable::resolve(Location at) const {
  at = withoutCallers(at);
  if (at.isExplicit()) {
    const Entry &entry = entries[at.index()];
    return {entry.file, entry.line, entry.column};
  }
  if (const File *file = fileOf(at))
    return file->buffer->lineColumn(at.offset() - file->begin);
  return {};
}
