#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"

namespace xcs {

/// Checks a module and reports every error it finds, each at its operation:
/// - arity, types and attributes against the operation's row, with type variables, fields, templates,
///   patterns and schemas, whose size `limits` bounds;
/// - definitions before uses, also in `after`: a region sees what is around it, nothing outside sees into it;
/// - regions: their number, arguments and yields. A function's body ends with `return`, any other region with
///   `yield`; both may be omitted where nothing is yielded, and a `try` of nothing yields nothing or a
///   `none`. Nothing follows a terminator. `fail` is not a terminator: it may appear anywhere, and a region
///   that ends in it still says what it would have yielded;
/// - symbols, resources and their attributes;
/// - secrets stay in attributes: no value has a type that contains `secret`;
/// - across calls: every function on a cycle of calls says `attributes {recursive}`; no write in the body of
///   a `map` that is not `{unordered}`;
/// - what only a wrong pass can do: operations erased but still in a body, operations in two places, values
///   that do not exist.
///
/// A module that passes satisfies every assumption of the passes, the lowering and the runtime. Linear in
/// operations and operands; allocates per function and per call, not per operation. Thread safety: one thread
/// per engine.
Status verify(const Module &module, DiagnosticEngine &diagnostics, const Limits &limits = {});

/// Warns about what a valid module says that its writer seldom means: paths that look as if something
/// expanded them, urls of models that name an endpoint. Once, before any pass. Linear in operations.
void warn(const Module &module, DiagnosticEngine &diagnostics);

/// Warns about what a valid module defines and never uses, in the first file of its text: values, parameters,
/// private functions, resources, operands that a template does not show. Not what a name that begins with `_`
/// names. For programs that people write. Linear in operations.
void warnUnused(const Module &module, DiagnosticEngine &diagnostics);

} // namespace xcs
