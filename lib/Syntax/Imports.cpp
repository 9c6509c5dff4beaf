#include "Syntax/Imports.h"
#include "Syntax/ImportPath.h"
#include "xcs/Support/Utf8.h"
#include "xcs/Syntax/IrJson.h"
#include <algorithm>

using namespace xcs;

std::string ImportReader::chainFrom(size_t begin, std::string_view last) const {
  std::string chain;
  for (size_t i = begin; i != way.size(); ++i)
    chain += all[way[i]].path + " -> ";
  return chain.append(last);
}

/// Reads a file and makes it the current one; false if reading must stop.
bool ImportReader::openFile(std::string path, const SourceBuffer &source, uint32_t base) {
  program.beginFile();
  textBytes += source.text().size();
  bool proceed = readSource(program, module, source, base, diagnostics, limits);
  way.push_back(static_cast<uint32_t>(all.size()));
  all.push_back({std::move(path), program.takeImports()});
  readTexts(program.takeTextFiles());
  return proceed;
}

/// Reads the files that constants of the current file are.
void ImportReader::readTexts(const std::vector<TextFile> &wanted) {
  for (const TextFile &text : wanted) {
    std::string problem, path = resolveImport(all[way.back()].path, text.path, problem);
    if (problem.empty() && !files)
      problem = "this text is not a file, so it cannot read any; write the text here";
    const uint64_t most = limits[Limit::SourceBytes] - std::min(limits[Limit::SourceBytes], textBytes);
    ImportedFiles::Answer answer;
    if (problem.empty()) {
      answer = files->read(path, most);
      problem = answer.problem;
    }
    if (!answer.source) {
      diagnostics.report(Diag::CannotRead, text.at, {text.path, problem});
      continue;
    }
    const std::string_view content = answer.source->text();
    if (content.size() > most) {
      diagnostics.report(limitError(Limit::SourceBytes, limits[Limit::SourceBytes]), text.at);
      return;
    }
    if (const size_t at = invalidTextAt(content); at != std::string_view::npos) {
      diagnostics.report(
          Diag::CannotRead, text.at,
          {text.path, "byte " + std::to_string(at) + " is not UTF-8 text; a constant is text"});
      continue;
    }
    textBytes += content.size();
    module.constants[text.constant].value = module.pool.textAttr(content);
  }
}

void ImportReader::closeFile() {
  File &done = all[way.back()];
  done.open = false;
  way.pop_back();
  if (!way.empty())
    all[way.back()].height = std::max(all[way.back()].height, done.height + 1);
}

bool ImportReader::tooDeep(size_t depth, std::string_view last, const ImportLine &line) {
  uint64_t most = limits[Limit::ImportDepth];
  if (depth <= most)
    return false;
  diagnostics.report(limitError(Limit::ImportDepth, most), line.at);
  diagnostics.report(Diag::ImportChain, line.at, {chainFrom(0, last)});
  return true;
}

/// An import of a file that was read before: checks for a cycle and the depth, and reads nothing.
void ImportReader::enter(uint32_t file, const ImportLine &line) {
  const File &known = all[file];
  if (known.open) {
    size_t begin = static_cast<size_t>(std::find(way.begin(), way.end(), file) - way.begin());
    diagnostics.report(Diag::ImportCycle, line.at, {known.path, chainFrom(begin, known.path)});
  } else if (!tooDeep(way.size() + known.height, known.path, line)) {
    File &importer = all[way.back()];
    importer.height = std::max(importer.height, known.height + 1);
  }
}

/// Follows an import line; false if reading must stop.
bool ImportReader::follow(const ImportLine &line) {
  std::string problem, path = resolveImport(all[way.back()].path, line.path, problem);
  if (auto known = byPath.find(path); problem.empty() && known != byPath.end()) {
    enter(known->second, line);
    return true;
  }
  if (problem.empty() && !files)
    problem = "this text is not a file, so it cannot import any; put everything into one";
  ImportedFiles::Answer answer;
  if (problem.empty()) {
    if (tooDeep(way.size(), path, line))
      return true;
    answer = files->read(path, std::min<uint64_t>(limits[Limit::SourceBytes], module.locations.room()));
    problem = answer.problem;
  }
  if (!answer.source) {
    diagnostics.report(Diag::CannotImport, line.at, {line.path, problem});
    return true;
  }
  auto [same, isNew] = byIdentity.emplace(answer.identity, static_cast<uint32_t>(all.size()));
  byPath.emplace(path, same->second);
  if (!isNew) {
    enter(same->second, line);
    return true;
  }
  if (isIrJson(answer.source->text()) &&
      !(answer.source = readIrJson(std::move(answer.source), diagnostics, limits)))
    return true; // which was reported
  if (answer.source->text().size() > module.locations.room()) {
    diagnostics.report(limitError(Limit::SourceBytes, Location::explicitBit - 1), line.at);
    return false;
  }
  uint32_t base = module.locations.addBuffer(answer.source);
  return openFile(std::move(path), *answer.source, base);
}

void ImportReader::run(const SourceBuffer &main) {
  std::string_view name = main.name();
  std::string own(name.substr(name.rfind('/') + 1)); // rfind's npos + 1 is 0
  byPath.emplace(own, 0);
  if (files)
    byIdentity.emplace(files->ownIdentity(), 0);
  bool proceed = openFile(std::move(own), main, 0);
  while (proceed && !way.empty()) {
    File &at = all[way.back()];
    if (at.next == at.imports.size()) {
      closeFile();
      continue;
    }
    // A copy: opening a file may move the list.
    ImportLine line = at.imports[at.next++];
    proceed = follow(line);
  }
}
