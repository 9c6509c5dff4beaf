#include "IR/IrTest.h"
#include "IR/RandomModule.h"
#include "xcs/Ops/SignatureMatch.h"

using namespace xcs;

namespace {

constexpr uint64_t seeds = 300;

/// The verifier's messages about a module.
std::string diagnose(const Module &module) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  DiagnosticEngine engine(&stream);
  engine.setLocations(&module.locations);
  bool good = verify(module, engine).ok();
  EXPECT_EQ(good, out.empty());
  return out;
}

std::string textOf(const Module &module) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  print(module, stream);
  return out;
}

/// An operation of a random module to be broken.
struct Victim {
  Function *function = nullptr;
  OpId op;
  ComputationGraph &graph() const { return function->graph; }
  const Operation &operation() const { return graph().operation(op); }
  const SignatureText &signature() const { return rowOf(operation().code).signature; }
};

/// All operations for which `fits`.
template <class Fits> std::vector<Victim> victims(Module &module, Fits fits) {
  std::vector<Victim> found;
  for (auto &function : module.functions)
    for (size_t i = 0; i < function->graph.operationCount(); ++i)
      if (Victim victim{function.get(), OpId(i)}; fits(victim))
        found.push_back(victim);
  return found;
}

/// Breaks one operation of each random module and expects to be told. Modules without a victim do not count.
template <class Fits, class Break> void expectTold(Fits fits, Break breakIt) {
  size_t broken = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Module module;
    RandomModule random(module, seed, 40);
    std::vector<Victim> found = victims(module, fits);
    if (found.empty())
      continue;
    ++broken;
    Dice dice(seed);
    Victim victim = dice.pick(found);
    std::string before = textOf(module);
    breakIt(module, victim, dice);
    EXPECT_NE(diagnose(module), "") << "seed " << seed << ", at `" << rowOf(victim.operation().code).name
                                    << "`\nbefore:\n"
                                    << before << "after:\n"
                                    << textOf(module);
  }
  EXPECT_GT(broken, seeds / 3) << "too few modules could be broken for this to mean anything";
}

} // namespace

TEST(VerifierProperty, RightModulesAreRight) {
  std::vector<size_t> used(opCodeCount);
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Module module;
    RandomModule random(module, seed, 60);
    EXPECT_EQ(diagnose(module), "") << "seed " << seed << "\n" << textOf(module);
    victims(module, [&](const Victim &v) { return ++used[static_cast<size_t>(v.operation().code)], false; });
  }
  for (size_t i = 0; i < opCodeCount; ++i)
    EXPECT_GT(used[i], 0u) << rowOf(static_cast<OpCode>(i)).name << " never came up";
}

TEST(VerifierProperty, AnOperandOfTheWrongTypeIsTold) {
  // The position of an operand whose row says a scalar.
  auto scalarAt = [](const Victim &v) -> size_t {
    for (size_t i = 0; i < v.operation().operandCount; ++i)
      if (nodesOf(v.signature(), paramAt(v.signature().operands(), i))[0].form == SignatureNode::Form::Exact)
        return i;
    return SIZE_MAX;
  };
  expectTold([&](const Victim &v) { return scalarAt(v) != SIZE_MAX; },
             [&](Module &module, const Victim &v, Dice &) {
               // A value of a type that no row asks for, defined before everything.
               std::vector<OpId> body = v.graph().region(v.function->body).body;
               OpId odd = v.graph().addOperation(v.function->body, OpCode::core_try, {}, {}, Location());
               TypeId none = module.pool.scalar(TypeKind::None);
               ValueRef value =
                   v.graph().addResult(odd, module.pool.result(module.pool.option(none)), StringId());
               v.graph().addRegion(odd);
               body.insert(body.begin(), odd);
               v.graph().setBody(v.function->body, body);
               v.graph().operandsForUpdate(v.op)[scalarAt(v)] = value;
             });
}

TEST(VerifierProperty, AUseBeforeItsDefinitionIsTold) {
  auto definedHere = [](const Victim &v) {
    for (ValueRef operand : v.graph().allOperands(v.op))
      if (OpId definer = v.graph().value(operand).definedBy;
          definer && v.graph().operation(definer).parent == v.operation().parent)
        return definer;
    return OpId();
  };
  expectTold([&](const Victim &v) { return definedHere(v).valid(); },
             [&](Module &, const Victim &v, Dice &) {
               RegionId region = v.operation().parent;
               std::vector<OpId> body = v.graph().region(region).body;
               OpId definer = definedHere(v);
               body.erase(std::find(body.begin(), body.end(), definer));
               body.insert(std::find(body.begin(), body.end(), v.op) + 1, definer);
               v.graph().setBody(region, body);
             });
}

TEST(VerifierProperty, AMissingTerminatorIsTold) {
  expectTold(
      [](const Victim &v) {
        if (!isTerminator(v.operation().code) || v.operation().operandCount == 0)
          return false;
        // The region of a `try` of nothing may do without.
        OpId owner = v.graph().region(v.operation().parent).parent;
        return !owner || v.graph().operation(owner).code != OpCode::core_try;
      },
      [](Module &, const Victim &v, Dice &) {
        RegionId region = v.operation().parent;
        std::vector<OpId> body = v.graph().region(region).body;
        body.pop_back();
        v.graph().setBody(region, body);
        v.graph().erase(v.op);
      });
}

TEST(VerifierProperty, AnOperandTooFewIsTold) {
  expectTold(
      [](const Victim &v) {
        return v.operation().operandCount != 0 &&
               countOf(v.signature().operands()).least == v.operation().operandCount;
      },
      [](Module &, const Victim &v, Dice &) {
        std::span<const ValueRef> operands = v.graph().operands(v.op);
        v.graph().setOperands(v.op, operands.first(operands.size() - 1), v.graph().orderOperands(v.op));
      });
}

TEST(VerifierProperty, AnOperandTooManyIsTold) {
  expectTold(
      [](const Victim &v) {
        return v.operation().operandCount != 0 &&
               countOf(v.signature().operands()).most == v.operation().operandCount;
      },
      [](Module &, const Victim &v, Dice &) {
        std::span<const ValueRef> operands = v.graph().operands(v.op);
        std::vector<ValueRef> more(operands.begin(), operands.end());
        more.push_back(more.back());
        v.graph().setOperands(v.op, more, v.graph().orderOperands(v.op));
      });
}

TEST(VerifierProperty, AnotherResultTypeIsTold) {
  expectTold(
      [](const Victim &v) {
        return v.operation().resultCount == 1 && v.operation().regionCount == 0 &&
               v.operation().code != OpCode::json_cast && v.operation().code != OpCode::option_none &&
               v.operation().code != OpCode::list_pack && v.operation().code != OpCode::list_concat &&
               v.operation().code != OpCode::model_chat &&
               v.operation().code != OpCode::host_call; // any type
      },
      [](Module &module, const Victim &v, Dice &) {
        ValueRef made = v.graph().results(v.op)[0];
        v.graph().setType(made, module.pool.result(v.graph().type(made)));
      });
}

TEST(VerifierProperty, AStrangeAttributeIsTold) {
  expectTold([](const Victim &) { return true; },
             [](Module &module, const Victim &v, Dice &) {
               DictId more = module.pool.withEntry(v.operation().attributes, module.pool.intern("strange"),
                                                   module.pool.unitAttr());
               v.graph().setAttributes(v.op, more);
             });
}

/// Whatever is done to a graph, the verifier and the printer come to an end.
TEST(VerifierProperty, NothingMakesItCrash) {
  size_t told = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Module module;
    RandomModule random(module, seed, 40);
    Dice dice(seed);
    bool tree = true; // an operation put into its own region has no end, which `erase` may rely on
    for (size_t i = 0; i < 10; ++i) {
      Function &function = *dice.pick(module.functions);
      ComputationGraph &graph = function.graph;
      if (graph.operationCount() == 0 || graph.valueCount() == 0)
        continue;
      OpId op(dice.below(graph.operationCount()));
      ValueRef value(dice.below(graph.valueCount()));
      RegionId region(dice.below(graph.regionCount()));
      std::span<ValueRef> operands = graph.operandsForUpdate(op);
      std::vector<OpId> body = graph.region(region).body;
      switch (dice.below(6)) {
      case 0:
        if (!operands.empty())
          dice.pick(operands) = dice.oneIn(5) ? ValueRef() : value;
        break;
      case 1:
        graph.setCode(op, static_cast<OpCode>(dice.below(opCodeCount)));
        break;
      case 2:
        if (tree)
          graph.erase(op);
        break;
      case 3:
        tree = false;
        body.push_back(op);
        graph.setBody(region, body);
        break;
      case 4:
        graph.setType(value, random.type());
        break;
      default:
        graph.addRegion(op);
      }
    }
    told += !diagnose(module).empty();
  }
  EXPECT_GT(told, seeds * 9 / 10);
}
