#include "Runtime/Language/ProgramWriter.h"

using namespace xcs;

// Operands that give operations something to do: a text that is a number for what reads numbers, an index
// that is likely inside. Values of the right type alone would make most programs fail at once.

/// Operands for an operation, most of the time; else any will do.
bool ProgramWriter::fitting(Scope &scope, OpCode code, TypeId (&bound)[2], Names &operands) {
  if (dice.oneIn(8) && code != OpCode::list_range && code != OpCode::str_repeat)
    return false;
  return fittingText(scope, code, operands) || fittingList(scope, code, bound, operands);
}

bool ProgramWriter::fittingText(Scope &scope, OpCode code, Names &operands) {
  // What reads a text, what writes such a text, and of what.
  static constexpr struct {
    OpCode reads, writes;
    TypeKind of;
  } ways[] = {{OpCode::str_to_i64, OpCode::i64_to_str, TypeKind::I64},
              {OpCode::str_to_f64, OpCode::f64_to_str, TypeKind::F64},
              {OpCode::str_to_bool, OpCode::str_from, TypeKind::Bool},
              {OpCode::duration_from_str, OpCode::duration_to_str, TypeKind::Duration},
              {OpCode::json_parse, OpCode::json_print, TypeKind::Json},
              {OpCode::bytes_from_base64, OpCode::bytes_to_base64, TypeKind::Bytes},
              {OpCode::bytes_from_hex, OpCode::bytes_to_hex, TypeKind::Bytes},
              {OpCode::bytes_from_hex, OpCode::str_to_hex, TypeKind::Str},
              {OpCode::str_from_base64, OpCode::str_to_base64, TypeKind::Str},
              {OpCode::str_from_base64, OpCode::bytes_to_base64, TypeKind::Bytes},
              {OpCode::str_from_hex, OpCode::str_to_hex, TypeKind::Str},
              {OpCode::str_url_decode, OpCode::str_url_encode, TypeKind::Str},
              {OpCode::json_to_i64, OpCode::json_from, TypeKind::I64},
              {OpCode::json_to_f64, OpCode::json_from, TypeKind::I64},
              {OpCode::json_to_str, OpCode::json_from, TypeKind::Str},
              {OpCode::json_to_bool, OpCode::json_from, TypeKind::Bool},
              {OpCode::f64_to_i64, OpCode::i64_to_f64, TypeKind::I64}};
  std::vector<size_t> known;
  for (size_t i = 0; i != std::size(ways); ++i)
    if (ways[i].reads == code)
      known.push_back(i);
  if (known.empty())
    return false;
  auto [reads, writes, of] = ways[dice.pick(known)];
  TypeKind between = writes == OpCode::json_from    ? TypeKind::Json
                     : writes == OpCode::i64_to_f64 ? TypeKind::F64
                                                    : TypeKind::Str;
  operands = {emit(scope, writes, {value(scope, scalar(of))}, scalar(between))};
  return true;
}

bool ProgramWriter::fittingList(Scope &scope, OpCode code, TypeId (&bound)[2], Names &operands) {
  TypeId i64 = scalar(TypeKind::I64), f64 = scalar(TypeKind::F64), str = scalar(TypeKind::Str);
  auto chosen = [&](TypeId type) {
    bound[0] = type;
    return type;
  };
  switch (code) {
  case OpCode::str_slice:
  case OpCode::bytes_slice:
    operands = {value(scope, code == OpCode::str_slice ? str : scalar(TypeKind::Bytes)), small(scope)};
    return true;
  case OpCode::str_repeat:
    operands = {value(scope, str), constant(scope, i64, std::to_string(dice.below(4)))};
    return true;
  case OpCode::str_chunk:
  case OpCode::str_chunk_sentences:
  case OpCode::str_chunk_tokens:
    operands = {value(scope, str), small(scope)};
    if (dice.oneIn(2))
      operands.push_back(small(scope));
    return true;
  case OpCode::list_get:
  case OpCode::list_slice:
  case OpCode::list_chunk:
    operands = {notEmpty(scope, pool.list(chosen(type(1)))), small(scope)};
    return true;
  case OpCode::list_top_k:
    operands = {value(scope, pool.list(chosen(dice.oneIn(2) ? f64 : str))), small(scope)};
    return true;
  case OpCode::list_range:
    operands = {constant(scope, i64, dice.oneIn(2) ? "0" : "-2"),
                constant(scope, i64, std::to_string(dice.below(6)))};
    if (dice.oneIn(3))
      operands.push_back(constant(scope, i64, dice.oneIn(4) ? "-1" : "2"));
    return true;
  case OpCode::list_first:
  case OpCode::list_last:
    operands = {notEmpty(scope, pool.list(chosen(type(1))))};
    return true;
  case OpCode::f64_mean:
  case OpCode::f64_min_of:
  case OpCode::f64_max_of:
  case OpCode::f64_argmin:
  case OpCode::f64_argmax:
  case OpCode::f64_median:
  case OpCode::f64_stddev:
    operands = {notEmpty(scope, pool.list(f64))};
    return true;
  case OpCode::vec_dot:
  case OpCode::vec_cosine:
  case OpCode::vec_add:
    operands = {vector(scope), vector(scope)};
    return true;
  case OpCode::vec_top_k: {
    TypeId vectors = pool.list(pool.list(f64));
    Names some = {vector(scope), vector(scope), vector(scope)};
    operands = {vector(scope), emit(scope, OpCode::list_pack, some, vectors), small(scope)};
    return true;
  }
  case OpCode::vote_weighted:
    chosen(dice.oneIn(2) ? str : i64);
    operands = {notEmpty(scope, pool.list(bound[0])),
                constant(scope, pool.list(f64), dice.oneIn(8) ? "[1.0, -1.0, 2.0]" : "[0.5, 1.0, 0.25]")};
    return true;
  case OpCode::duration_mul:
    operands = {value(scope, scalar(TypeKind::Duration)), small(scope)};
    return true;
  default:
    return false;
  }
}

/// Arithmetic with the numbers that identities are about: 0, 1, -0.0, nan, true, twice the same.
void ProgramWriter::edgeOp(Scope &scope) {
  static constexpr OpCode ints[] = {OpCode::i64_add, OpCode::i64_sub, OpCode::i64_mul, OpCode::i64_div,
                                    OpCode::i64_rem, OpCode::i64_min, OpCode::i64_le,  OpCode::i64_ne};
  static constexpr OpCode floats[] = {OpCode::f64_add, OpCode::f64_add, OpCode::f64_sub, OpCode::f64_mul,
                                      OpCode::f64_div, OpCode::f64_max, OpCode::f64_le,  OpCode::f64_eq};
  static constexpr OpCode bools[] = {OpCode::bool_and, OpCode::bool_or, OpCode::bool_xor, OpCode::bool_eq};
  static constexpr const char *numbers[] = {"0", "1", "-1"},
                              *reals[] = {"0.0", "-0.0", "0.0", "-0.0", "1.0", "nan"};
  size_t which = dice.below(3);
  OpCode code = which == 0 ? dice.pick(ints) : which == 1 ? dice.pick(floats) : dice.pick(bools);
  TypeId type = scalar(which == 0 ? TypeKind::I64 : which == 1 ? TypeKind::F64 : TypeKind::Bool);
  std::string unit = which == 0      ? dice.pick(numbers)
                     : which == 1    ? dice.pick(reals)
                     : dice.oneIn(2) ? "true"
                                     : "false";
  std::string x = value(scope, type);
  if (dice.oneIn(2))
    x = constant(scope, type, which == 1 ? dice.pick(reals) : literal(type));
  std::string y = dice.oneIn(5) ? x : constant(scope, type, unit);
  std::string_view name = rowOf(code).name;
  bool compares = name.ends_with(".le") || name.ends_with(".ne") || name.ends_with(".eq");
  emit(scope, code, dice.oneIn(2) ? Names{x, y} : Names{y, x}, compares ? scalar(TypeKind::Bool) : type);
}

/// Something put together and taken apart again, or done twice: what a compiler likes to leave out.
void ProgramWriter::roundTrip(Scope &scope) {
  TypeId a = type(1), b = type(1), i64 = scalar(TypeKind::I64), str = scalar(TypeKind::Str);
  TypeId pair = record({{"a", a}, {"b", b}, {"c", a}}), list = pool.list(a), boolean = scalar(TypeKind::Bool);
  // Constants as often as not: what could fail on the way is left as it is.
  auto part = [&](TypeId type) {
    return hasLiteral(type) && dice.oneIn(2) ? constant(scope, type, literal(type)) : value(scope, type);
  };
  std::string x = part(a), y = part(b), z = part(a);
  switch (dice.below(7)) {
  case 0: {
    std::string made = emit(scope, OpCode::record_make, {x, y, z}, pair);
    if (dice.oneIn(2))
      made = emit(scope, OpCode::record_with, {made, dice.oneIn(2) ? x : z}, pair,
                  dice.oneIn(2) ? "field = \"a\"" : "field = \"c\"");
    emit(scope, OpCode::record_get, {made}, a, dice.oneIn(2) ? "field = \"a\"" : "field = \"c\"");
    return;
  }
  case 1: {
    std::string made = emit(scope, OpCode::list_pack, {x, z, x}, list), at = small(scope);
    emit(scope, OpCode::list_get, {made, at}, a);
    emit(scope, OpCode::list_len, {made}, i64);
    return;
  }
  case 2: {
    std::string made = dice.oneIn(3) ? emit(scope, OpCode::option_none, {}, pool.option(a))
                                     : emit(scope, OpCode::option_some, {x}, pool.option(a));
    emit(scope, OpCode::option_or, {made, z}, a);
    emit(scope, OpCode::option_is_some, {made}, boolean);
    return;
  }
  case 3: {
    std::string made = emit(scope, OpCode::result_ok, {x}, pool.result(a));
    if (dice.oneIn(2))
      emit(scope, OpCode::result_or, {made, z}, a);
    else
      emit(scope, OpCode::result_value, {made}, a);
    return;
  }
  case 4: {
    std::string made = emit(scope, OpCode::list_reverse, {value(scope, list)}, list);
    emit(scope, OpCode::list_reverse, {made}, list);
    emit(scope, OpCode::list_concat, {made}, list);
    return;
  }
  case 5: {
    std::string made = emit(scope, OpCode::list_pack, {value(scope, str)}, pool.list(str));
    emit(scope, OpCode::str_join, {made}, str, dice.oneIn(2) ? "separator = \",\"" : "");
    return;
  }
  default:
    std::string condition = value(scope, boolean);
    emit(scope, OpCode::core_select,
         {dice.oneIn(2) ? condition : constant(scope, boolean, literal(boolean)), x, z}, a);
  }
}
