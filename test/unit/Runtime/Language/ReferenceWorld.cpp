#include "Runtime/Language/Reference.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"
#include <algorithm>
#include <cmath>

using namespace xcs;
using namespace xcs::reference;

// LangRef, "Effects and order": file, exec, env, random, time. The world is a few maps.

namespace {

/// The normal form of a relative path; none when it leads out of the directory.
std::optional<std::string> normal(const std::string &path) {
  std::vector<std::string> parts;
  std::string part, out;
  for (char c : path + "/") {
    if (c != '/') {
      part += c;
      continue;
    }
    if (part == ".." && parts.empty())
      return std::nullopt;
    if (part == "..")
      parts.pop_back();
    else if (!part.empty() && part != ".")
      parts.push_back(part);
    part.clear();
  }
  for (const std::string &p : parts)
    out += (out.empty() ? "" : "/") + p;
  return out.empty() ? "." : out;
}

std::string parentOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, slash);
}

/// The path that the first operand names; fails when it names none, or one that is not granted.
bool pathOf(Call &c, Diag refused, std::string &path) {
  std::string given = c.s(0);
  bool named = !given.empty() && given.find('\0') == given.npos;
  std::optional<std::string> found = named && given[0] != '/' ? normal(given) : std::nullopt;
  if (!named)
    c.fail(Diag::BadArgument);
  else if (!found)
    c.fail(refused);
  path = found.value_or("");
  return !c.failed;
}

Value read(Call &c, bool asText) {
  std::string path;
  if (!pathOf(c, Diag::ReadNotGranted, path))
    return Value();
  if (!c.world.files.contains(path))
    return c.fail(Diag::CannotRead);
  const std::string &content = c.world.files[path];
  if (asText && !isUtf8(content))
    return c.fail(Diag::InvalidUtf8);
  return asText ? Value::str(content) : Value::bytes(content);
}
Value exists(Call &c) {
  std::string path;
  if (!pathOf(c, Diag::ReadNotGranted, path))
    return Value();
  return Value::boolean(c.world.files.contains(path) || c.world.directories.contains(path));
}
Value list(Call &c) {
  std::string path;
  if (!pathOf(c, Diag::ReadNotGranted, path))
    return Value();
  if (!c.world.directories.contains(path))
    return c.fail(Diag::CannotRead);
  std::set<std::string> names;
  for (const auto &[file, content] : c.world.files)
    if (parentOf(file) == path)
      names.insert(file.substr(path == "." ? 0 : path.size() + 1));
  for (const std::string &directory : c.world.directories)
    if (directory != "." && parentOf(directory) == path)
      names.insert(directory.substr(path == "." ? 0 : path.size() + 1));
  std::vector<Value> values;
  for (const std::string &name : names)
    values.push_back(Value::str(name));
  return listOf(values);
}
Value write(Call &c, bool append) {
  std::string path;
  if (!pathOf(c, Diag::WriteNotGranted, path))
    return Value();
  if (c.world.directories.contains(path) || !c.world.directories.contains(parentOf(path)))
    return c.fail(Diag::CannotWrite);
  std::string &content = c.world.files[path];
  content = (append ? content : "") + c.s(1);
  return Value::none();
}
/// What is not there is removed already; beneath a file nothing can be.
Value removeFile(Call &c) {
  std::string path;
  if (!pathOf(c, Diag::WriteNotGranted, path))
    return Value();
  if (c.world.directories.contains(path) || c.world.files.contains(parentOf(path)))
    return c.fail(Diag::CannotWrite);
  c.world.files.erase(path);
  return Value::none();
}

/// Whether something is at a path or in it.
bool isTaken(Call &c, const std::string &path) {
  return c.world.files.contains(path) || c.world.directories.contains(path);
}
bool isEmpty(Call &c, const std::string &directory) {
  const std::string start = directory + "/";
  return std::none_of(c.world.files.begin(), c.world.files.end(),
                      [&](const auto &file) { return file.first.starts_with(start); }) &&
         std::none_of(c.world.directories.begin(), c.world.directories.end(),
                      [&](const auto &name) { return name.starts_with(start); });
}

Value stat(Call &c) {
  std::string path;
  if (!pathOf(c, Diag::ReadNotGranted, path))
    return Value();
  if (!isTaken(c, path))
    return Value::optionNone();
  const bool isFile = c.world.files.contains(path);
  const size_t size = isFile ? c.world.files[path].size() : 0;
  return Value::some(recordOf({Value::i64(static_cast<int64_t>(size)), Value::duration(1),
                               Value::str(isFile ? "file" : "directory")}));
}

bool meetsName(std::string_view pattern, std::string_view name) {
  if (pattern.empty() || name.empty())
    return pattern.find_first_not_of('*') == pattern.npos && name.empty();
  if (pattern[0] == '*')
    return meetsName(pattern.substr(1), name) || meetsName(pattern, name.substr(1));
  if (pattern[0] == '[') // "[a-i]" is the only one
    return name[0] >= 'a' && name[0] <= 'i' && meetsName(pattern.substr(5), name.substr(1));
  return (pattern[0] == '?' || pattern[0] == name[0]) && meetsName(pattern.substr(1), name.substr(1));
}
bool meetsPath(std::string_view pattern, std::string_view path) {
  const size_t end = std::min(pattern.find('/'), pattern.size()), cut = std::min(path.find('/'), path.size());
  const std::string_view rest = pattern.substr(std::min(end + 1, pattern.size())),
                         after = path.substr(std::min(cut + 1, path.size()));
  const std::string_view first = pattern.substr(0, end);
  if (first == "**" && rest.empty())
    return !path.empty();
  if (first == "**")
    return meetsPath(rest, path) || (!after.empty() && meetsPath(pattern, after));
  if (path.empty() || !meetsName(first, path.substr(0, cut)))
    return false;
  return rest.empty() || after.empty() ? rest.empty() && after.empty() : meetsPath(rest, after);
}
Value glob(Call &c) {
  std::string path, pattern = c.s(1);
  if (!pathOf(c, Diag::ReadNotGranted, path))
    return Value();
  if (!c.world.directories.contains(path))
    return c.fail(Diag::CannotRead);
  const bool wantsDirectories = pattern.ends_with('/');
  if (wantsDirectories)
    pattern.pop_back();
  const std::string start = path == "." ? "" : path + "/";
  std::set<std::string> found;
  auto look = [&](const std::string &name) {
    if (name != "." && name.starts_with(start) && meetsPath(pattern, name.substr(start.size())))
      found.insert(name);
  };
  for (const std::string &directory : c.world.directories)
    look(directory);
  for (const auto &[file, content] : c.world.files)
    if (!wantsDirectories)
      look(file);
  std::vector<Value> values;
  for (const std::string &name : found)
    values.push_back(Value::str(name));
  return listOf(values);
}

Value makeDirectory(Call &c) {
  std::string path;
  if (!pathOf(c, Diag::WriteNotGranted, path))
    return Value();
  std::vector<std::string> missing;
  for (std::string at = path; !c.world.directories.contains(at); at = parentOf(at)) {
    if (c.world.files.contains(at))
      return c.fail(Diag::CannotWrite);
    missing.push_back(at);
  }
  if (missing.size() > 1 && !c.flag("parents"))
    return c.fail(Diag::CannotWrite);
  c.world.directories.insert(missing.begin(), missing.end());
  return Value::none();
}

/// The second operand's path, where a file or directory can be put.
bool endOf(Call &c, std::string &path) {
  path = normal(c.s(1)).value_or("");
  if (!c.world.directories.contains(parentOf(path)))
    c.fail(Diag::CannotWrite);
  return !c.failed;
}
Value rename(Call &c) {
  std::string from, to;
  if (!pathOf(c, Diag::WriteNotGranted, from))
    return Value();
  if (!isTaken(c, from))
    return c.fail(Diag::CannotWrite);
  if (!endOf(c, to) || from == to)
    return c.failed ? Value() : Value::none();
  const bool isFile = c.world.files.contains(from);
  if (isFile ? c.world.directories.contains(to)
             : c.world.files.contains(to) || to.starts_with(from + "/") || !isEmpty(c, to))
    return c.fail(Diag::CannotWrite);
  std::map<std::string, std::string> files;
  std::set<std::string> directories;
  auto moved = [&](const std::string &name) {
    return name == from || name.starts_with(from + "/") ? to + name.substr(from.size()) : name;
  };
  if (isFile)
    c.world.files.erase(to);
  for (const auto &[name, content] : c.world.files)
    files[moved(name)] = content;
  for (const std::string &name : c.world.directories)
    directories.insert(moved(name));
  c.world.files.clear();
  c.world.files.insert(files.begin(), files.end());
  c.world.directories.clear();
  c.world.directories.insert(directories.begin(), directories.end());
  return Value::none();
}
Value copy(Call &c) {
  std::string from, to;
  if (!pathOf(c, Diag::ReadNotGranted, from))
    return Value();
  if (!c.world.files.contains(from))
    return c.fail(Diag::CannotRead);
  if (!endOf(c, to))
    return Value();
  if (c.world.directories.contains(to))
    return c.fail(Diag::CannotWrite);
  c.world.files[to] = std::string(c.world.files[from]);
  return Value::none();
}

Value environment(Call &c) {
  if (!c.world.readable.contains(c.s(0)))
    return c.fail(Diag::EnvNotGranted);
  auto found = c.world.environment.find(c.s(0));
  return found == c.world.environment.end() ? Value::optionNone() : Value::some(Value::str(found->second));
}

/// Whether a program can be run with these options: `env`, `timeout`.
bool mayRunWith(Call &c, const Value &options) {
  const Value &variables = options.items()[0], &timeout = options.items()[1];
  if (timeout.kind() == ValueKind::OptionSome && timeout.items()[0].asI64() <= 0)
    c.fail(Diag::BadArgument);
  if (c.failed || variables.kind() == ValueKind::OptionNone)
    return !c.failed;
  const std::span<const Value> pairs = variables.items()[0].items();
  for (size_t i = 0; i < pairs.size(); i += 2)
    if (pairs[i].text().find('=') != std::string_view::npos || pairs[i].text().starts_with("LD_"))
      c.fail(Diag::EnvRefused);
  return !c.failed;
}

/// `true`, `false`, `cat` and `tee` are all the programs there are.
Value run(Call &c) {
  std::vector<Value> command = c.list(0);
  if (command.empty() || command[0].text().empty())
    return c.fail(Diag::BadArgument);
  std::string program(command[0].text()), out, said;
  const bool hasOptions = c.size() > 1 && c[c.size() - 1].kind() == ValueKind::Record;
  const std::string input = c.size() > 1u + hasOptions ? c.s(1) : "";
  if (!c.world.programs.contains(program))
    return c.fail(Diag::RunNotGranted);
  if (hasOptions && !mayRunWith(c, c[c.size() - 1]))
    return Value();
  bool fine = program != "false";
  if (program == "tee" || (program == "cat" && command.size() == 1))
    out = input;
  for (size_t i = 1; i < command.size() && program != "true" && program != "false"; ++i) {
    std::string given(command[i].text()), path = normal(given).value_or("");
    bool there = c.world.files.contains(path);
    if (program == "tee") {
      c.world.files[path] = input;
    } else if (there) {
      out += c.world.files[path];
    } else {
      bool isDirectory = c.world.directories.contains(path);
      said += "cat: " + given + (isDirectory ? ": Is a directory\n" : ": No such file or directory\n");
      fine = false;
    }
  }
  if (!isUtf8(out))
    return c.fail(Diag::InvalidUtf8);
  return recordOf({Value::i64(fine ? 0 : 1), Value::str(out), Value::str(said)});
}

/// The random bits of one draw: SplitMix64 from a hash of the seed and the draw's identity, Lemire's way to a
/// range. Which numbers come is the executor's choice; that they depend on this and nothing else is
/// LangRef's.
struct Bits {
  uint64_t state;
  explicit Bits(Call &c) {
    std::string identity(reinterpret_cast<const char *>(&c.world.seed), sizeof c.world.seed);
    state = llvm::xxh3_64bits(llvm::StringRef(identity + c.draw));
  }
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    Wide product = Wide(next()) * bound;
    while (static_cast<uint64_t>(product) < -bound % bound)
      product = Wide(next()) * bound;
    return static_cast<uint64_t>(product >> 64);
  }
};

Value drawInteger(Call &c) {
  if (c.i(0) >= c.i(1))
    return c.fail(Diag::BadArgument);
  uint64_t width = static_cast<uint64_t>(c.i(1)) - static_cast<uint64_t>(c.i(0));
  return Value::i64(static_cast<int64_t>(static_cast<uint64_t>(c.i(0)) + Bits(c).below(width)));
}
Value weighted(Call &c) {
  std::vector<Value> items = c.list(0), weights = c.list(1);
  if (items.size() != weights.size())
    return c.fail(Diag::LengthMismatch);
  if (items.empty())
    return c.fail(Diag::EmptyList);
  double greatest = 0, sum = 0;
  for (const Value &weight : weights) {
    if (!std::isfinite(weight.asF64()) || weight.asF64() < 0)
      return c.fail(Diag::BadArgument);
    greatest = std::max(greatest, weight.asF64());
  }
  if (greatest == 0)
    return c.fail(Diag::BadArgument);
  for (const Value &weight : weights)
    sum += weight.asF64() / greatest;
  double left = static_cast<double>(Bits(c).next() >> 11) * 0x1p-53 * sum, passed = 0;
  for (size_t i = 0; i != items.size(); ++i)
    if (passed += weights[i].asF64() / greatest; left < passed)
      return items[i];
  return items.back();
}
Value shuffle(Call &c) {
  std::vector<Value> items = c.list(0);
  Bits bits(c);
  for (size_t left = items.size(); left > 1; --left)
    std::swap(items[left - 1], items[bits.below(left)]);
  return listOf(items);
}

constexpr MeaningRow rows[] = {
    {OpCode::file_read, [](Call &c) { return read(c, false); }},
    {OpCode::file_read_text, [](Call &c) { return read(c, true); }},
    {OpCode::file_exists, exists},
    {OpCode::file_list, list},
    {OpCode::file_write, [](Call &c) { return write(c, false); }},
    {OpCode::file_append, [](Call &c) { return write(c, true); }},
    {OpCode::file_remove, removeFile},
    {OpCode::file_stat, stat},
    {OpCode::file_glob, glob},
    {OpCode::file_make_dir, makeDirectory},
    {OpCode::file_rename, rename},
    {OpCode::file_copy, copy},
    {OpCode::env_get, environment},
    {OpCode::exec_run, run},
    {OpCode::random_int, drawInteger},
    {OpCode::random_float,
     [](Call &c) { return Value::f64(static_cast<double>(Bits(c).next() >> 11) * 0x1p-53); }},
    {OpCode::random_choice,
     [](Call &c) {
       return c[0].size() == 0 ? c.fail(Diag::EmptyList) : c.list(0)[Bits(c).below(c[0].size())];
     }},
    {OpCode::random_shuffle, shuffle},
    {OpCode::random_weighted, weighted},
    {OpCode::time_sleep, [](Call &c) { return c.i(0) < 0 ? c.fail(Diag::NegativeDuration) : Value::none(); }},
    {OpCode::time_now, [](Call &) { return Value::duration(1'700'000'000'000'000'000); }},
};

} // namespace

std::span<const MeaningRow> xcs::reference::worldMeanings() { return rows; }
