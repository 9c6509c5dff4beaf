#include "World/Budget.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <random>

using namespace xcs;

TEST(BudgetText, IsReadAndPrinted) {
  BudgetFault fault;
  for (const auto &[text, printed] : {std::pair("5usd", "5usd"),
                                      {"200calls", "200calls"},
                                      {"1e6tokens", "1000000tokens"},
                                      {"1call,1token", "1calls,1tokens"},
                                      {"2.5e3tokens,0.000000000001usd", "0.000000000001usd,2500tokens"},
                                      {"0.3usd,3calls,9tokens", "0.3usd,3calls,9tokens"},
                                      {"4000000usd", "4000000usd"}}) {
    auto limits = readBudget(text, fault);
    ASSERT_TRUE(limits) << text << ": " << fault.remedy;
    EXPECT_EQ(printBudget(*limits), printed);
    auto again = readBudget(printed, fault);
    ASSERT_TRUE(again) << printed;
    EXPECT_EQ(again->most, limits->most);
  }
}

TEST(BudgetText, WrongPartsAreNamed) {
  for (const auto &[text, part, remedy] :
       std::vector<std::array<std::string, 3>>{{"", "", "such as"},
                                               {"5", "5", "such as"},
                                               {"usd", "usd", "such as"},
                                               {"5eur", "5eur", "such as"},
                                               {"5usd,", "", "such as"},
                                               {"5usd, 3calls", " 3calls", "such as"},
                                               {"nancalls", "nancalls", "above 0"},
                                               {"infusd", "infusd", "above 0"},
                                               {"3calls,0usd", "0usd", "above 0"},
                                               {"-1calls", "-1calls", "above 0"},
                                               {"1e-13usd", "1e-13usd", "above 0"},
                                               {"1e999usd", "1e999usd", "above 0"},
                                               {"5e6usd", "5e6usd", "at most 4611686"},
                                               {"1.5calls", "1.5calls", "whole number of calls"},
                                               {"1calls,2usd,3call", "3call", "each unit once"}}) {
    BudgetFault fault;
    EXPECT_FALSE(readBudget(text, fault)) << text;
    EXPECT_EQ(fault.part, part);
    EXPECT_NE(fault.remedy.find(remedy), std::string::npos) << text << ": " << fault.remedy;
  }
}

TEST(BudgetText, AmountsHaveAllTheirDigits) {
  EXPECT_EQ(printAmount(BudgetUnit::Usd, 12'500'000'000), "0.0125 USD");
  EXPECT_EQ(printAmount(BudgetUnit::Usd, 3'000'000'000'000), "3 USD");
  EXPECT_EQ(printAmount(BudgetUnit::Usd, 1), "0.000000000001 USD");
  EXPECT_EQ(printAmount(BudgetUnit::Calls, 1), "1 call");
  EXPECT_EQ(printAmount(BudgetUnit::Tokens, 1012), "1012 tokens");
}

namespace {

using Cost = BudgetBill::Cost;

/// A request, as the event loop has it.
struct Asking : Applicant {
  BudgetNeed need;
};

/// A budget of a plan with one model, a gate of that model, and what is in flight.
struct Ledger {
  ConstantPool pool;
  PlanResource model{};
  ConstantView constants;
  PlanView plan{};
  std::unique_ptr<Budget> budget;
  std::unique_ptr<Gate> gate;
  std::vector<Asking *> in;
  std::vector<Asking *> waiting, refused;
  Admission admission{[this](Applicant &applicant) { start(static_cast<Asking &>(applicant)); },
                      [](Gate &, int64_t) {}};
  uint64_t turns = 0;

  Ledger(const std::string &limits, double priceIn, double priceOut, uint64_t slots) {
    DictEntry entries[] = {{pool.intern("usd_per_mtok_in"), pool.floatAttr(priceIn)},
                           {pool.intern("usd_per_mtok_out"), pool.floatAttr(priceOut)}};
    model.kind = ResourceKind::Model;
    model.dict = pool.dict(entries);
    constants = pool.view();
    plan.constants = constants;
    plan.resources = {&model, 1};
    BudgetFault fault;
    auto read = readBudget(limits, fault);
    EXPECT_TRUE(read) << limits;
    budget = std::make_unique<Budget>(plan, *read);
    gate = std::make_unique<Gate>(slots, 0);
  }

  void ask(Asking &asking, double priority = 0) {
    asking.gates.clear();
    asking.gates.push_back({gate.get()});
    budget->addUses(asking.need, asking.gates);
    asking.queuePlace = {priority, turns++};
    waiting.push_back(&asking);
    admission.enqueue(asking);
  }
  void start(Asking &asking) {
    std::erase(waiting, &asking);
    in.push_back(&asking);
  }
  void end(Asking &asking, const BudgetBill &bill) {
    std::erase(in, &asking);
    budget->settle(bill, asking, admission);
    admission.release(asking);
  }
  void withdraw(Asking &asking) {
    std::erase(waiting, &asking);
    admission.withdraw(asking);
  }
  /// As EventLoop::turn.
  void turn() {
    for (bool again = true; again;) {
      admission.pump(1);
      again = budget->hasChanged();
      if (again)
        for (Asking *one : waiting)
          if (one->need.answers && !one->need.answer)
            budget->updateUses(one->need, *one, admission);
      BudgetUnit unit;
      if (Applicant *vain = again ? nullptr : budget->inVain(unit)) {
        withdraw(static_cast<Asking &>(*vain));
        refused.push_back(static_cast<Asking *>(vain));
        again = true;
      }
    }
  }
  uint64_t spent(BudgetUnit unit) const { return budget->report().spent[static_cast<size_t>(unit)]; }
  /// What one that is in flight has reserved of a unit.
  uint64_t reserved(const Asking &asking, BudgetUnit unit) const {
    // The gates of the budget are in the order of the units that are limited, after the other.
    size_t place = 1;
    for (size_t i = 0; i < static_cast<size_t>(unit); ++i)
      place += budget->report().limits.most[i].has_value();
    return asking.gates[place].slots;
  }
};

BudgetBill reported(uint64_t prompt, uint64_t completion) {
  return {1, Cost::Reported, prompt, completion, 1};
}

} // namespace

TEST(Budget, OneThatMayFitLaterWaits) {
  Ledger at("100tokens", 0, 0, 8);
  Asking a, b;
  a.need = {10, 1, 50, 0};
  b.need = {10, 1, 50, 0};
  at.ask(a);
  at.ask(b);
  at.turn();
  EXPECT_EQ(at.in, std::vector<Asking *>{&a});
  at.end(a, reported(10, 20));
  at.turn();
  EXPECT_EQ(at.in, std::vector<Asking *>{&b});
  at.end(b, reported(10, 20));
  at.turn();
  EXPECT_TRUE(at.refused.empty());
  EXPECT_EQ(at.spent(BudgetUnit::Tokens), 60u);
}

TEST(Budget, OneThatNeverFitsIsRefusedOnceNothingIsInFlight) {
  Ledger at("100tokens", 0, 0, 8);
  Asking a, b, c;
  a.need = {10, 1, 50, 0};
  b.need = {10, 1, 80, 0};
  c.need = {10, 1, 10, 0};
  at.ask(a, 3);
  at.ask(b, 2);
  at.ask(c, 1); // it fits, but does not pass b
  at.turn();
  EXPECT_EQ(at.in, std::vector<Asking *>{&a});
  at.end(a, reported(10, 20));
  at.turn();
  EXPECT_EQ(at.refused, std::vector<Asking *>{&b});
  EXPECT_EQ(at.in, std::vector<Asking *>{&c});
  EXPECT_EQ(
      at.budget->refusal(b.need, BudgetUnit::Tokens),
      (std::array<std::string, 3>{"90 tokens", "30 tokens of its budget of 100 tokens", "raise `--budget`"}));
}

TEST(Budget, WithoutABoundOneIsAloneUntilAnAnswerIsKnown) {
  Ledger at("100tokens", 0, 0, 8);
  Asking a, b, c;
  for (Asking *one : {&a, &b, &c}) {
    one->need = {5, 1, std::nullopt, 0};
    at.ask(*one);
  }
  at.turn();
  EXPECT_EQ(at.in, std::vector<Asking *>{&a});
  EXPECT_EQ(at.reserved(a, BudgetUnit::Tokens), 100u);
  at.end(a, reported(5, 20));
  at.turn();
  EXPECT_EQ(at.in, (std::vector<Asking *>{&b, &c}));
  EXPECT_EQ(at.reserved(b, BudgetUnit::Tokens), 25u);
}

TEST(Budget, AFailedFirstAnswerLeavesTheNextAlone) {
  Ledger at("100tokens", 0, 0, 8);
  Asking a, b, c;
  for (Asking *one : {&a, &b, &c}) {
    one->need = {5, 1, std::nullopt, 0};
    at.ask(*one);
  }
  at.turn();
  at.end(a, {1, Cost::Nothing});
  at.turn();
  EXPECT_EQ(at.in, std::vector<Asking *>{&b});
  EXPECT_EQ(at.reserved(b, BudgetUnit::Tokens), 100u);
  at.end(b, {1, Cost::Unknown}); // all of it counts as spent
  at.turn();
  EXPECT_EQ(at.refused, std::vector<Asking *>{&c});
  EXPECT_EQ(at.budget->report().unknown, 1u);
}

TEST(Budget, DollarsOfSingleTokensAddUpExactly) {
  Ledger at("0.3usd", 100'000, 0, 1); // 0.1 USD a token
  Asking calls[4];
  for (Asking &one : calls) {
    one.need = {1, 1, 1, 0};
    at.ask(one);
  }
  at.turn();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(at.in, std::vector<Asking *>{&calls[i]});
    at.end(calls[i], reported(1, 1));
    at.turn();
  }
  EXPECT_EQ(at.refused, std::vector<Asking *>{&calls[3]});
  EXPECT_FALSE(at.budget->report().isOvershot(0));
}

TEST(Budget, AnyBillCanBeAdded) {
  Ledger at("1usd,10calls,100tokens", 3, 15, 4);
  Asking a, b;
  a.need = b.need = {1, 2, 3, 0};
  at.ask(a);
  at.ask(b);
  at.turn();
  at.end(a, {UINT64_MAX, Cost::Reported, UINT64_MAX, UINT64_MAX, 1});
  at.end(b, {UINT64_MAX, Cost::Reported, UINT64_MAX, UINT64_MAX, 1});
  for (size_t unit = 0; unit < budgetUnitCount; ++unit) {
    EXPECT_EQ(at.budget->report().spent[unit], mostOfBudget);
    EXPECT_TRUE(at.budget->report().isOvershot(unit));
  }
  Asking c;
  c.need = {1, 1, 1, 0};
  at.ask(c);
  at.turn();
  EXPECT_EQ(at.refused, std::vector<Asking *>{&c});
}

TEST(Budget, ARunBeginsWithAllOfIt) {
  Ledger at("1calls", 0, 0, 4);
  Asking a, b;
  a.need = b.need = {1, 1, 1, 0};
  at.ask(a);
  at.turn();
  at.end(a, reported(1, 1));
  at.budget->beginRun();
  at.ask(b);
  at.turn();
  EXPECT_EQ(at.in, std::vector<Asking *>{&b});
}

namespace {

/// Random requests with random bills, and all that must hold of them at any time.
struct RandomLedger {
  std::mt19937 random;
  Ledger at;
  std::vector<std::unique_ptr<Asking>> all;
  BudgetAmounts billed{}, beyond{};

  explicit RandomLedger(unsigned seed)
      : random(seed), at(limitsOf(random), below(random, 3), below(random, 3), below(random, 4)) {}

  static unsigned below(std::mt19937 &random, unsigned bound) { return random() % bound; }
  unsigned below(unsigned bound) { return below(random, bound); }

  static std::string limitsOf(std::mt19937 &random) {
    const unsigned which = 1 + below(random, 7);
    std::string text;
    for (const auto &[bit, amount] : {std::pair(1u, std::to_string(1 + below(random, 2000)) + "e-6usd"),
                                      {2u, std::to_string(1 + below(random, 60)) + "calls"},
                                      {4u, std::to_string(1 + below(random, 2000)) + "tokens"}})
      if (which & bit)
        text += (text.empty() ? "" : ",") + amount;
    return text;
  }

  void askOne() {
    Asking &one = *all.emplace_back(std::make_unique<Asking>());
    one.need.prompt = below(40);
    one.need.answers = below(4);
    if (below(2))
      one.need.answer = 1 + below(100);
    at.ask(one, below(5));
  }

  BudgetBill billOf(const Asking &one) {
    const uint64_t bound = one.need.answers * one.need.answer.value_or(60);
    switch (below(8)) {
    case 0:
      return {0, Cost::Nothing};
    case 1:
      return {1, Cost::Nothing};
    case 2:
      return {1, Cost::Unknown, below(2) ? one.need.prompt : 0};
    case 3: // beyond
      return {1 + below(2), Cost::Reported, one.need.prompt + below(50), bound + below(50), one.need.answers};
    default:
      return {1, Cost::Reported, one.need.prompt, bound ? below(static_cast<unsigned>(bound)) : 0,
              one.need.answers};
    }
  }

  /// What a bill comes to, counted anew.
  BudgetAmounts amountOf(const Asking &one, const BudgetBill &bill) {
    const auto priced = [&](Attribute price, uint64_t tokens) {
      const double usd = at.constants.floatAttr(at.constants.find(at.model.dict, price));
      return static_cast<uint64_t>(usd * 1e6) * tokens;
    };
    BudgetAmounts out{0, bill.calls, 0};
    if (bill.cost != Cost::Nothing)
      out = {priced(Attribute::usd_per_mtok_in, bill.prompt) +
                 priced(Attribute::usd_per_mtok_out, bill.completion),
             bill.calls, bill.prompt + bill.completion};
    for (BudgetUnit unit : {BudgetUnit::Usd, BudgetUnit::Tokens})
      if (bill.cost == Cost::Unknown && isLimited(unit))
        out[index(unit)] = std::max(out[index(unit)], at.reserved(one, unit));
    return out;
  }

  static size_t index(BudgetUnit unit) { return static_cast<size_t>(unit); }
  bool isLimited(BudgetUnit unit) const { return at.budget->report().limits.most[index(unit)].has_value(); }

  void endOne() {
    Asking &one = *at.in[below(static_cast<unsigned>(at.in.size()))];
    const BudgetBill bill = billOf(one);
    const BudgetAmounts took = amountOf(one, bill);
    for (BudgetUnit unit : {BudgetUnit::Usd, BudgetUnit::Calls, BudgetUnit::Tokens})
      if (isLimited(unit)) {
        billed[index(unit)] += took[index(unit)];
        const uint64_t reserved = at.reserved(one, unit);
        beyond[index(unit)] += took[index(unit)] > reserved ? took[index(unit)] - reserved : 0;
      }
    at.end(one, bill);
    if (!below(6)) // another attempt
      at.ask(one, one.queuePlace.priority);
  }

  void check() {
    const BudgetReport report = at.budget->report();
    for (BudgetUnit unit : {BudgetUnit::Usd, BudgetUnit::Calls, BudgetUnit::Tokens}) {
      if (!isLimited(unit))
        continue;
      const size_t i = index(unit);
      uint64_t reserved = 0;
      for (const Asking *one : at.in)
        reserved += at.reserved(*one, unit);
      ASSERT_EQ(report.spent[i], billed[i]);
      ASSERT_LE(report.spent[i], *report.limits.most[i] + beyond[i]);
      ASSERT_LE(report.spent[i] + reserved, *report.limits.most[i] + beyond[i]);
    }
    // No one waits while nothing is in flight.
    ASSERT_TRUE(at.waiting.empty() || !at.in.empty());
  }
};

} // namespace

TEST(Budget, NeverMoreIsSpentThanWasBilledBeyondAndAllEnd) {
  size_t refused = 0, ended = 0, overshot = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomLedger run(seed);
    const unsigned count = 1 + run.below(40);
    for (unsigned steps = 0; run.all.size() < count || !run.at.in.empty(); ++steps) {
      ASSERT_LT(steps, 10'000u);
      const unsigned what = run.below(4);
      if (run.all.size() < count && (what == 0 || run.at.in.empty())) {
        run.askOne();
      } else if (what == 1 && !run.at.waiting.empty()) {
        run.at.withdraw(*run.at.waiting.front());
      } else if (!run.at.in.empty()) {
        run.endOne();
        ++ended;
      }
      run.at.turn();
      run.check();
      if (::testing::Test::HasFatalFailure())
        return;
    }
    EXPECT_TRUE(run.at.waiting.empty());
    refused += run.at.refused.size();
    overshot += run.at.budget->report().isOvershot(2);
  }
  // The runs are of all kinds.
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(ended, 10'000u);
  EXPECT_GT(overshot, 20u);
}
