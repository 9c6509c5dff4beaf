#pragma once
#include "src/Errors.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// Arguments of the module's functions: whatever is wrong with one is an exception that says what to write.
// `what` is the argument's name in messages. Called with the GIL.
namespace xcs::python {

/// An int from `least` to `most`; raises TypeError and ValueError. `meaning` says what the number is, as in
/// "threads that compute, 0 for one per core".
uint64_t wholeOf(nb::handle object, const char *what, uint64_t least, uint64_t most, const char *meaning);
/// How many threads compute: 0, one per core, to 1024.
unsigned jobsOf(nb::handle object);
/// True or False; raises TypeError for anything else.
bool boolOf(nb::handle object, const char *what);

/// The place of a call, (file, line).
struct Origin {
  std::string file;
  uint32_t line = 0;
};
/// Raises TypeError for what is no such tuple, ValueError for a line below 0 or beyond 32 bits.
Origin originOf(nb::handle object);

/// Raises TypeError for arguments that do not fit a function at all: a missing one, too many, a keyword that
/// it does not have. `signature` is that of the function in Python, without `self`, such as "compile(text, *,
/// name, level)".
[[noreturn]] void raiseNoFit(std::string_view signature, const nb::args &args, const nb::kwargs &keywords);

/// Defines a function of the module, or a method of a class, which says what is wrong with arguments that do
/// not fit it. `signature` as above; `more`: further options of nanobind, such as nb::arg.
template <class Owner, class Function, class... More>
void define(Owner &owner, const char *name, const char *signature, const char *doc, Function &&function,
            const More &...more) {
  owner.def(name, std::forward<Function>(function), more..., doc);
  // The last way to call it. The same text makes `help` show it once.
  if constexpr (std::is_same_v<Owner, nb::module_>)
    owner.def(
        name,
        [signature](const nb::args &args, const nb::kwargs &keywords) {
          raiseNoFit(signature, args, keywords);
        },
        doc);
  else
    owner.def(
        name,
        [signature](nb::handle, const nb::args &args, const nb::kwargs &keywords) {
          raiseNoFit(signature, args, keywords);
        },
        doc);
}

} // namespace xcs::python
