#include "xcs/Frontend/Literal.h"
#include "Frontend/Trace.h"

using namespace xcs;

Literal Literal::duration(std::optional<int64_t> nanoseconds) {
  Literal made;
  made.kind = nanoseconds ? Kind::Duration : Kind::Str;
  made.number = nanoseconds.value_or(0);
  if (!nanoseconds)
    made.text = "a duration beyond 64 bits of nanoseconds";
  return made;
}

Literal Literal::list(std::vector<Literal> items) {
  Literal made;
  made.kind = Kind::List;
  made.items = std::move(items);
  return made;
}

Literal Literal::dict(std::vector<Entry> entries) {
  Literal made;
  made.kind = Kind::Dict;
  for (Entry &entry : entries) {
    made.keys.push_back(std::move(entry.key));
    made.items.push_back(std::move(entry.value));
  }
  return made;
}

Literal Literal::type(TypeId (*maker)(ConstantPool &)) {
  Literal made;
  made.kind = Kind::Type;
  made.maker = maker;
  return made;
}

Literal xcs::secret(std::string_view name, std::string_view prefix) {
  Literal made(name);
  made.kind = Literal::Kind::Secret;
  made.prefix = prefix;
  return made;
}

Literal xcs::environment(std::string_view name) {
  Literal made(name);
  made.kind = Literal::Kind::Env;
  return made;
}

DeclaredResource::DeclaredResource(uint8_t kind, std::string_view name, const Attributes &attributes)
    : data(std::make_shared<Data>(Data{static_cast<ResourceKind>(kind), std::string(name), attributes})) {}

void Attributes::add(std::string_view key, const std::optional<Entries> &given) {
  if (given)
    add(key, Literal::dict(given->entries));
}

void Attributes::add(std::string_view, const std::optional<LimitUse> &given) {
  if (given)
    limits = given;
}
