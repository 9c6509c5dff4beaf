#include "Runtime/Language/Reference.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"

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
    {OpCode::time_sleep, [](Call &c) { return c.i(0) < 0 ? c.fail(Diag::NegativeDuration) : Value::none(); }},
    {OpCode::time_now, [](Call &) { return Value::duration(1'700'000'000'000'000'000); }},
};

} // namespace

std::span<const MeaningRow> xcs::reference::worldMeanings() { return rows; }
