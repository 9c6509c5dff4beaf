#pragma once
#include "xcs/Support/Limits.h"
#include <string>
#include <string_view>

// Small text functions shared by several files.
namespace xcs {

/// Appends with JSON escapes, without quotes.
void appendEscaped(std::string &out, std::string_view text);

/// The first characters of a text, for messages, which should not contain whole documents.
std::string excerpt(std::string_view text);

/// Where `part` stands in `whole`, not before byte `from`; npos when nowhere, and when the run was stopped,
/// which the caller asks. Linear in both, as string_view::find is not.
size_t findText(std::string_view whole, std::string_view part, const Limits &limits, size_t from = 0);

} // namespace xcs
