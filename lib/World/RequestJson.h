#pragma once
#include "xcs/Plan/Plan.h"
#include "xcs/World/World.h"

namespace xcs {

/// The type of an operation's result. Every operation of the world has one.
TypeId resultType(const PlanView &plan, const WorldRequest &request);

/// The operands as a JSON array; null in place of one that has no JSON form.
Value operandsAsJson(const PlanView &plan, const Limits &limits, const WorldRequest &request);

/// The numbers of the operations that lead to a request, and of its own, joined by `/`.
std::string siteText(const WorldClient &client, const WorldRequest &request);

/// A digest of a plan's operations and of how they are connected. Texts, attributes and places in the source
/// do not count: a program that has been edited there has the same one.
uint64_t planShape(const PlanView &plan);

} // namespace xcs
