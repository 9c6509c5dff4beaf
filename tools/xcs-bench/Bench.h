#pragma once
#include <cstdint>
#include <string>

namespace xcs::bench {

// Each bench prints a Markdown table of medians, peers and ratios measured in the same run, and returns an
// exit code.

/// Empty operations of five shapes, 100 to `mostOps` of them, at 1 and 2 threads.
int runExecutorBench(uint32_t mostOps);
/// Sleeps of 100 ms in one `map`, beside a plain timer heap.
int runWaitBench();
/// Programs that do nothing beside `xargs -P`, and a sleep beside many that start.
int runProgramsBench();
/// Model calls of 100 ms in one `map` to the endpoint at `url` (xcs-faults), beside bare libcurl-multi and
/// epoll clients.
int runHttpBench(const std::string &url);
/// The ensemble of five draws, serial and parallel, and the skewed chains, against the endpoint at `url`.
int runEnsembleBench(const std::string &url);
/// Whole processes: xcsc on programs of four shapes beside mlir-opt on as many operations.
int runCompileBench(const std::string &directory, uint32_t mostOps);
/// Whole processes: the start-up of xcsc and xcs-run with a program of one operation.
int runStartupBench(const std::string &directory);

} // namespace xcs::bench
