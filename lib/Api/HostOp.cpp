#include "xcs/Api/HostOp.h"
#include "xcs/Api/Compiled.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Support/Mutex.h"
#include <unordered_map>

using namespace xcs;

namespace {

/// The functions of the process by name, each for as long as somebody keeps it.
class HostFunctions final : public HostCallables {
public:
  bool has(std::string_view function) const override { return find(function) != nullptr; }

  Result<Value, HostFailure> call(const HostCall &call) override {
    const std::shared_ptr<const HostFunction> function = find(call.function);
    if (!function)
      return HostFailure{"the program has no function of that name any more"};
    return function->call(call.operands);
  }

  std::shared_ptr<const HostFunction> add(HostFunction function) {
    MutexLock lock(mutex);
    std::weak_ptr<const HostFunction> &known = functions[function.name];
    if (!known.expired())
      return nullptr;
    auto made = std::make_shared<const HostFunction>(std::move(function));
    known = made;
    return made;
  }

private:
  std::shared_ptr<const HostFunction> find(std::string_view name) const {
    MutexLock lock(mutex);
    const auto known = functions.find(std::string(name));
    return known == functions.end() ? nullptr : known->second.lock();
  }

  mutable Mutex mutex;
  std::unordered_map<std::string, std::weak_ptr<const HostFunction>> functions XCS_GUARDED_BY(mutex);
};

} // namespace

static const std::shared_ptr<HostFunctions> &functionsOfProcess() {
  static const auto functions = std::make_shared<HostFunctions>();
  return functions;
}

std::shared_ptr<HostCallables> xcs::hostFunctions() { return functionsOfProcess(); }

std::shared_ptr<const HostFunction> xcs::registerHostFunction(HostFunction function) {
  return functionsOfProcess()->add(std::move(function));
}

HostFailure xcs::tooNarrow(size_t parameter, const Value &value) {
  const Value &inner = value.kind() == ValueKind::OptionSome ? value.items()[0] : value;
  std::string text;
  OpError error;
  if (inner.kind() == ValueKind::Duration)
    text = std::to_string(inner.asI64()) + " ns";
  else if (!appendJson(text, inner, JsonLayout::Line, Limits(), error))
    text = "the value";
  return {"parameter " + std::to_string(parameter) +
          " of the C++ function, counted from 0, is too narrow for " + text +
          "; take int64_t, double or std::chrono::nanoseconds"};
}
