#include "Runtime/EarlyVote.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

using namespace xcs;

namespace {

using Outcome = EarlyVote::Outcome;
constexpr int failedVoter = -1;

/// The rule of `vote.majority`, over as many answers as there are: the most frequent, of equally frequent
/// ones the first.
int majorityOf(const std::vector<int> &answers) {
  int best = failedVoter;
  for (int answer : answers)
    if (best == failedVoter ||
        std::count(answers.begin(), answers.end(), answer) > std::count(answers.begin(), answers.end(), best))
      best = answer;
  return best;
}

/// Whether the winner is the same whatever `unknown` voters answer; tries every way to fill them.
bool isDecided(std::vector<int> answers, const std::vector<size_t> &unknown, int kinds) {
  int winner = failedVoter;
  std::vector<int> filling(unknown.size(), 0);
  while (true) {
    for (size_t i = 0; i < unknown.size(); ++i)
      answers[unknown[i]] = filling[i];
    int here = majorityOf(answers);
    if (winner != failedVoter && here != winner)
      return false;
    winner = here;
    size_t i = 0;
    while (i < filling.size() && ++filling[i] == kinds)
      filling[i++] = 0;
    if (i == filling.size())
      return true;
  }
}

/// One run of a vote: voters end in some order, some of them fail.
void checkRun(const std::vector<int> &answers, const std::vector<size_t> &order) {
  EarlyVote vote(static_cast<uint32_t>(answers.size()));
  std::vector<bool> ended(answers.size()), failed(answers.size());
  // Two kinds that nobody has answered stand for all others.
  constexpr int kinds = 5;
  for (size_t voter : order) {
    failed[voter] = answers[voter] == failedVoter;
    ended[voter] = !failed[voter];
    Outcome outcome = failed[voter] ? vote.failed()
                                    : vote.answered(static_cast<uint32_t>(voter), Value::i64(answers[voter]));
    std::vector<size_t> unknown, pending;
    std::vector<int> there, all = answers;
    for (size_t i = 0; i < answers.size(); ++i) {
      if (ended[i])
        there.push_back(answers[i]);
      else
        unknown.push_back(i);
      if (!ended[i] && !failed[i])
        pending.push_back(i);
    }
    const bool decided = !there.empty() && isDecided(all, unknown, kinds);
    if (!failed[voter]) {
      ASSERT_EQ(outcome == Outcome::Decided, decided);
    }
    if (outcome == Outcome::Hopeless) {
      // Whatever is still to come, the failed ones could have turned it.
      std::vector<size_t> failures;
      for (size_t i = 0; i < answers.size(); ++i)
        if (failed[i])
          failures.push_back(i);
      for (int same = 0; same < kinds; ++same) {
        for (size_t i : pending)
          all[i] = same;
        ASSERT_FALSE(isDecided(all, failures, kinds));
      }
    }
    if (decided && std::find(answers.begin(), answers.end(), failedVoter) == answers.end()) {
      ASSERT_EQ(majorityOf(there), majorityOf(answers)) << "of the answers there are";
    }
    if (outcome != Outcome::Open)
      return;
  }
}

} // namespace

/// (conformance 18)
TEST(EarlyVote, ThreeEqualOfFiveDecide) {
  EarlyVote vote(5);
  Value yes = Value::str("yes");
  EXPECT_EQ(vote.answered(4, yes), Outcome::Open);
  EXPECT_EQ(vote.answered(2, yes), Outcome::Open);
  EXPECT_EQ(vote.answered(3, yes), Outcome::Decided);
}

TEST(EarlyVote, WhereEqualAnswersAreWrittenDifferentlyTheFirstInTheListIsWaitedFor) {
  EarlyVote vote(3, /*isExact=*/false);
  EXPECT_EQ(vote.answered(1, Value::f64(-0.0)), Outcome::Open);
  EXPECT_EQ(vote.answered(2, Value::f64(-0.0)), Outcome::Open) << "the first may be 0.0, which is equal";
  EXPECT_EQ(vote.answered(0, Value::f64(0.0)), Outcome::Decided);
}

TEST(EarlyVote, ATieGoesToTheOneThatStandsFirst) {
  EarlyVote first(4);
  EXPECT_EQ(first.answered(0, Value::i64(1)), Outcome::Open);
  EXPECT_EQ(first.answered(3, Value::i64(1)), Outcome::Decided) << "two others can only come out equal";
  EarlyVote last(4);
  EXPECT_EQ(last.answered(2, Value::i64(1)), Outcome::Open);
  EXPECT_EQ(last.answered(3, Value::i64(1)), Outcome::Open) << "two equal ones before it would win";
}

TEST(EarlyVote, AFailureMayHaveBeenAnything) {
  EarlyVote vote(3);
  EXPECT_EQ(vote.failed(), Outcome::Open);
  EXPECT_EQ(vote.answered(1, Value::i64(1)), Outcome::Open);
  EXPECT_EQ(vote.answered(2, Value::i64(1)), Outcome::Decided);
}

TEST(EarlyVote, TooManyFailuresAreNoVote) {
  EarlyVote vote(3);
  EXPECT_EQ(vote.failed(), Outcome::Open);
  EXPECT_EQ(vote.failed(), Outcome::Hopeless);
}

TEST(EarlyVote, DecidesWhenNothingCanChangeTheWinnerAndNotBefore) {
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<int> answers(1 + random() % 6);
    for (int &answer : answers)
      answer = static_cast<int>(random() % 4) - (random() % 3 == 0);
    for (int &answer : answers)
      answer = std::min(answer, 2);
    std::vector<size_t> order(answers.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::shuffle(order.begin(), order.end(), random);
    ASSERT_NO_FATAL_FAILURE(checkRun(answers, order)) << "round " << round;
  }
}
