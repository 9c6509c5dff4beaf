#include "Runtime/Language/ProgramWriter.h"
#include "xcs/Ops/SignatureMatch.h"

using namespace xcs;

// What asks or changes something outside. The test gives programs a directory with `in.txt`, `bin` (no text)
// and `dir/x`, the variable XCS_SET, a grant for that and XCS_UNSET, and the programs true, false, cat and
// tee.

/// A path: written, or made so that the compiler without passes cannot know it.
std::string ProgramWriter::path(Scope &scope, bool mayFail) {
  static constexpr const char *fine[] = {"out", "out2", "in.txt", "dir/x", "dir/new", "./out", "dir/../out"};
  static constexpr const char *any[] = {"in.txt", "in.txt", "dir/x",   "out",  "out2",
                                        "bin",    "dir",    "missing", "no/x", "in.txt/x"};
  std::string chosen = mayFail ? dice.pick(any) : dice.pick(fine);
  TypeId str = scalar(TypeKind::Str);
  if (!dice.oneIn(5))
    return constant(scope, str, "\"" + chosen + "\"");
  size_t cut = dice.below(chosen.size());
  std::string first = constant(scope, str, "\"" + chosen.substr(0, cut) + "\"");
  std::string second = constant(scope, str, "\"" + chosen.substr(cut) + "\"");
  return emit(scope, OpCode::str_concat, {first, second}, str);
}

void ProgramWriter::fileOp(Scope &scope, OpCode code) {
  TypeId str = scalar(TypeKind::Str), none = scalar(TypeKind::None);
  bool isWrite = code == OpCode::file_write || code == OpCode::file_append || code == OpCode::file_remove;
  if (isWrite && !mayWrite(scope))
    return;
  current.writes |= isWrite;
  if (code == OpCode::file_remove)
    return (void)emit(scope, code, {path(scope, dice.oneIn(6))}, none);
  if (isWrite) {
    std::string content = value(scope, dice.oneIn(3) ? scalar(TypeKind::Bytes) : str);
    std::string where = path(scope, dice.oneIn(10));
    return (void)emit(scope, code, {where, content}, none);
  }
  TypeId result = code == OpCode::file_read     ? scalar(TypeKind::Bytes)
                  : code == OpCode::file_exists ? scalar(TypeKind::Bool)
                  : code == OpCode::file_list   ? pool.list(str)
                                                : str;
  std::string where = code == OpCode::file_list ? constant(scope, str,
                                                           dice.oneIn(4)   ? "\"out\""
                                                           : dice.oneIn(2) ? "\"dir\""
                                                                           : "\".\"")
                                                : path(scope, true);
  ask(scope, code, {where}, result);
}

/// What makes, moves and copies. What programs write never becomes a directory.
void ProgramWriter::moveOp(Scope &scope, OpCode code) {
  static constexpr const char *made[] = {"\"made\"", "\"made/in\"", "\"dir\"", "\"in.txt\"", "\"no/x\""};
  static constexpr const char *moved[] = {"\"out\"",  "\"out2\"",    "\"in.txt\"",  "\"dir/x\"",
                                          "\"made\"", "\"missing\"", "\"in.txt/x\""};
  static constexpr const char *ends[] = {"\"out2\"", "\"dir/new\"", "\"made/x\"", "\"dir\"", "\"no/x\""};
  const TypeId str = scalar(TypeKind::Str), none = scalar(TypeKind::None);
  if (!mayWrite(scope))
    return;
  current.writes = true;
  if (code == OpCode::file_make_dir)
    return (void)emit(scope, code, {constant(scope, str, dice.pick(made))}, none,
                      dice.oneIn(3) ? "parents" : "");
  const std::string from = dice.pick(moved);
  const bool isDirectory = from == "\"made\"";
  const std::string to = code == OpCode::file_rename && isDirectory ? "\"made2\"" : dice.pick(ends);
  emit(scope, code, {constant(scope, str, from), constant(scope, str, to)}, none);
}

/// `file.stat`, of which the time is nothing to compare, and `file.glob`.
void ProgramWriter::lookOp(Scope &scope, OpCode code) {
  static constexpr const char *patterns[] = {"\"*\"",      "\"**/*\"", "\"**\"",
                                             "\"[a-i]*\"", "\"*/?\"",  "\"d*/\""};
  const TypeId str = scalar(TypeKind::Str);
  if (code == OpCode::file_glob)
    return (void)ask(scope, code,
                     {constant(scope, str,
                               dice.oneIn(4)   ? "\"out\""
                               : dice.oneIn(2) ? "\"dir\""
                                               : "\".\""),
                      constant(scope, str, dice.pick(patterns))},
                     pool.list(str));
  const std::string where = path(scope, true), id = std::to_string(names++);
  const char *field = dice.oneIn(2) ? "kind" : "size";
  const TypeId wanted = scalar(*field == 'k' ? TypeKind::Str : TypeKind::I64);
  codes.insert({code, OpCode::option_value, OpCode::record_get, OpCode::core_try});
  line("%y" + id + " = try : result<" + show(wanted) + "> {");
  line("  %s" + id + " = file.stat(" + where +
       ") {keep} : option<record<size: i64, modified: duration, kind: str>>");
  line("  %o" + id + " = option.value(%s" + id + ") : record<size: i64, modified: duration, kind: str>");
  line("  %f" + id + " = record.get(%o" + id + ") {field = \"" + field + "\"} : " + show(wanted));
  line("  yield(%f" + id + ")");
  line("}");
  know(scope, "%y" + id, pool.result(wanted));
}

/// What asks the world and may fail: kept, or looked at, since what nobody looks at may go with its error.
std::string ProgramWriter::ask(Scope &scope, OpCode code, Names operands, TypeId result, std::string own) {
  const bool looks = !choosing && dice.oneIn(2);
  if (!looks)
    own += own.empty() ? "keep" : ", keep";
  std::string answer = emit(scope, code, std::move(operands), result, own);
  if (!looks)
    return answer;
  std::string shown = holds(result, TypeKind::Result)
                          ? value(scope, scalar(TypeKind::Str))
                          : emit(scope, OpCode::str_from, {answer}, scalar(TypeKind::Str));
  if (holds(result, TypeKind::Result))
    line("%k" + std::to_string(names++) + " = log.print(" + shown + ") after(" + answer + ") : none");
  else
    emit(scope, OpCode::log_print, {shown}, scalar(TypeKind::None));
  current.logs = true;
  return answer;
}

/// One file, written and read in turn, in a loop too: between two equal reads something may have changed, or
/// nothing.
void ProgramWriter::fileStory(Scope &scope) {
  TypeId str = scalar(TypeKind::Str), i64 = scalar(TypeKind::I64);
  std::string where = constant(scope, str, dice.oneIn(2) ? "\"out\"" : "\"dir/x\"");
  std::string directory = constant(scope, str, dice.oneIn(2) ? "\".\"" : "\"dir\"");
  std::string twice = constant(scope, pool.list(i64), "[1, 2]");
  current.writes = current.logs = true;
  ++bare;
  emit(scope, OpCode::file_write, {where, value(scope, str)}, scalar(TypeKind::None));
  for (size_t count = 1 + dice.below(4); count--;)
    fileStep(scope, where, directory, dice.below(7));
  if (dice.oneIn(2)) {
    const size_t read = 3 + dice.below(3); // before the loop and in it
    fileStep(scope, where, directory, read);
    codes.insert(OpCode::core_for);
    line("for(" + twice + ") : () {");
    line("^(%step: i64)");
    Scope inner = scope;
    ++inner.depth;
    ++indent;
    fileStep(inner, where, directory, read);
    for (size_t count = 1 + dice.below(3); count--;)
      fileStep(inner, where, directory, dice.below(7));
    --indent;
    line("}");
    fileStep(scope, where, directory, read);
  }
  --bare;
}

void ProgramWriter::fileStep(Scope &scope, const std::string &where, const std::string &directory,
                             size_t which) {
  TypeId str = scalar(TypeKind::Str), none = scalar(TypeKind::None);
  std::string read;
  switch (which) {
  case 0:
    emit(scope, OpCode::file_remove, {where}, none);
    emit(scope, OpCode::file_append, {where, value(scope, str)}, none);
    return;
  case 1:
    emit(scope, OpCode::file_write, {where, value(scope, str)}, none);
    return;
  case 2:
    emit(scope, OpCode::file_append, {where, value(scope, str)}, none);
    return;
  case 6:
    emit(scope, OpCode::file_copy, {where, constant(scope, str, "\"out2\"")}, none);
    return;
  case 3:
    read = emit(scope, OpCode::str_from, {emit(scope, OpCode::file_exists, {where}, scalar(TypeKind::Bool))},
                str);
    break;
  case 4:
    read = emit(scope, OpCode::str_join, {emit(scope, OpCode::file_list, {directory}, pool.list(str))}, str);
    break;
  default:
    read = emit(scope, OpCode::file_read_text, {where}, str);
  }
  emit(scope, OpCode::log_print, {read}, none);
}

/// A program that is there everywhere, with what it says of its reads and writes.
void ProgramWriter::runProgram(Scope &scope) {
  TypeId str = scalar(TypeKind::Str);
  static constexpr const char *reading[] = {"[\"true\"]",
                                            "[\"false\"]",
                                            "[\"cat\"]",
                                            "[\"cat\", \"in.txt\"]",
                                            "[\"cat\", \"dir/x\", \"out\"]",
                                            "[\"cat\", \"bin\"]"};
  bool writes = mayWrite(scope) && dice.oneIn(2);
  std::string command = constant(scope, pool.list(str), writes ? "[\"tee\", \"out\"]" : dice.pick(reading));
  std::string own = writes ? dice.oneIn(3) ? "" : "writes = [\"out\"], reads = []" : "writes = []";
  if (!writes && dice.oneIn(2))
    own += ", reads = [\"in.txt\", \"dir\", \"out\", \"bin\"]";
  if (writes && dice.oneIn(2))
    own += std::string(own.empty() ? "" : ", ") + "repeat = \"idempotent\"";
  current.writes |= writes;
  TypeId answer = record({{"exit", scalar(TypeKind::I64)}, {"stdout", str}, {"stderr", str}});
  if (!writes && dice.oneIn(3))
    own += ", deterministic";
  static constexpr const char *options[] = {"{}",
                                            "{env = {}}",
                                            "{env = {A = \"x\", \"b c\" = \"\"}, timeout = 1h}",
                                            "{timeout = 0s}",
                                            "{env = {A = \"\", \"B=C\" = \"x\"}}",
                                            "{env = {LD_X = \"\"}}"};
  Names operands{command};
  if (!dice.oneIn(4))
    operands.push_back(value(scope, str));
  if (dice.oneIn(3))
    operands.push_back(constant(scope,
                                record({{"env", pool.option(pool.dictionary(str, str))},
                                        {"timeout", pool.option(scalar(TypeKind::Duration))}}),
                                dice.oneIn(4) ? dice.pick(options) : options[dice.below(3)]));
  std::string said = ask(scope, OpCode::exec_run, std::move(operands), answer, own);
  emit(scope, OpCode::record_get, {said}, str, "field = \"stdout\"");
}

void ProgramWriter::chooseByWeight(Scope &scope, const std::string &own) {
  static constexpr const char *weights[] = {"[1.0, 0.0, 2.5]", "[0.0, 0.0, 1e300]", "[0.0, 0.0, 0.0]",
                                            "[1.0, -1.0, 2.0]", "[1.0, 1.0]"};
  static constexpr const char *items[] = {"[7, 8, 9]", "[-1, 0, 1]"};
  const TypeId i64 = scalar(TypeKind::I64), f64 = scalar(TypeKind::F64);
  const std::string chosen = constant(scope, pool.list(i64), dice.pick(items));
  const char *by = dice.oneIn(4) ? dice.pick(weights) : weights[0];
  ask(scope, OpCode::random_weighted, {chosen, constant(scope, pool.list(f64), by)}, i64, own);
}

/// False when the operation has no place here.
bool ProgramWriter::worldOp(Scope &scope, OpCode code) {
  TypeId i64 = scalar(TypeKind::I64), str = scalar(TypeKind::Str), duration = scalar(TypeKind::Duration);
  std::string own = dice.oneIn(8) ? "draw = \"d" + std::to_string(names++) + "\"" : "";
  switch (code) {
  case OpCode::file_read:
  case OpCode::file_read_text:
  case OpCode::file_exists:
  case OpCode::file_list:
  case OpCode::file_write:
  case OpCode::file_append:
  case OpCode::file_remove:
    fileOp(scope, code);
    return true;
  case OpCode::file_make_dir:
  case OpCode::file_rename:
  case OpCode::file_copy:
    moveOp(scope, code);
    return true;
  case OpCode::file_stat:
  case OpCode::file_glob:
    lookOp(scope, code);
    return true;
  case OpCode::exec_run:
    if (choosing || !dice.oneIn(3))
      return false;
    runProgram(scope);
    return true;
  case OpCode::env_get: {
    if (choosing)
      return false;
    const char *name = dice.oneIn(30) ? "\"HOME\"" : dice.oneIn(2) ? "\"XCS_SET\"" : "\"XCS_UNSET\"";
    ask(scope, code, {constant(scope, str, name)}, pool.option(str));
    return true;
  }
  case OpCode::log_print: {
    if (choosing)
      return false;
    Names texts;
    for (size_t i = dice.below(4); i--;)
      texts.push_back(value(scope, str));
    current.logs = true;
    emit(scope, code, texts, scalar(TypeKind::None));
    return true;
  }
  case OpCode::random_int:
    ask(scope, code, {constant(scope, i64, "-3"), small(scope)}, i64, own);
    return true;
  case OpCode::random_float:
    emit(scope, code, {}, scalar(TypeKind::F64), own);
    return true;
  case OpCode::random_choice:
  case OpCode::random_shuffle: {
    TypeId element = type(1);
    std::string items = notEmpty(scope, pool.list(element));
    ask(scope, code, {items}, code == OpCode::random_choice ? element : pool.list(element), own);
    return true;
  }
  case OpCode::random_weighted:
    chooseByWeight(scope, own);
    return true;
  case OpCode::time_sleep:
    emit(scope, code,
         {constant(scope, duration,
                   dice.oneIn(20)  ? "-1us"
                   : dice.oneIn(2) ? "0ns"
                                   : "20us")},
         scalar(TypeKind::None));
    return true;
  case OpCode::time_now: { // of which only that it is after 1970 is known
    codes.insert(code);
    std::string now = "%n" + std::to_string(names++), zero = constant(scope, duration, "0ns");
    line(now + " = time.now" + attributesOf(code, "") + " : duration");
    emit(scope, OpCode::duration_gt, {now, zero}, scalar(TypeKind::Bool));
    return true;
  }
  default:
    return false;
  }
}
