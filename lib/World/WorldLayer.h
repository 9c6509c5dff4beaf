#pragma once
#include "xcs/World/World.h"

namespace xcs {

/// A world in front of another one, which hands on whatever it does not override. It owns the inner world as
/// its last member, so that nothing is called in it before it is made or after it is destroyed.
class WorldLayer : public World, protected WorldClient {
public:
  void settled(std::span<const uint64_t> tokens) override { innerWorld().settled(tokens); }
  void reconsider() override { innerWorld().reconsider(); }
  void abandon() override { innerWorld().abandon(); }
  void killPrograms() override { innerWorld().killPrograms(); }
  bool hasUncertainWrites() const override { return innerWorld().hasUncertainWrites(); }
  void askStatus(const std::function<void(const WorldStatus &)> &told) override {
    innerWorld().askStatus(told);
  }
  void onIdle() override { innerWorld().onIdle(); }
  bool keepsChoices() const override { return innerWorld().keepsChoices(); }
  void chosen(const RequestPlace &place, uint32_t op, std::span<const uint32_t> indices) override {
    innerWorld().chosen(place, op, indices);
  }
  std::optional<std::vector<uint32_t>> choiceOf(const RequestPlace &place, uint32_t op) override {
    return innerWorld().choiceOf(place, op);
  }
  std::vector<std::string> secrets() const override { return innerWorld().secrets(); }
  std::optional<OpError> begin(const RunStart &start) override { return innerWorld().begin(start); }
  WorldReport end() override { return innerWorld().end(); }
  void shutdown() override { innerWorld().shutdown(); }
  int64_t now() const override { return innerWorld().now(); }

protected:
  virtual World &innerWorld() const = 0;
  virtual WorldClient &outerClient() const = 0;

  bool wanted(Ticket ticket) const override { return outerClient().wanted(ticket); }
  RequestPlace placeOf(Ticket ticket) const override { return outerClient().placeOf(ticket); }
  bool isCaught(Ticket ticket) const override { return outerClient().isCaught(ticket); }
  bool isEnding() const override { return outerClient().isEnding(); }
  bool isIdle() const override { return outerClient().isIdle(); }
  void finished(std::vector<WorldOutcome> outcomes) override { outerClient().finished(std::move(outcomes)); }
};

} // namespace xcs
