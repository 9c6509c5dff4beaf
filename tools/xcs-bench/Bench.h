#pragma once
#include <cstdint>
#include <string>

namespace xcs::bench {

// Each bench prints a Markdown table of medians, peers and ratios measured in the same run, and returns an
// exit code.

/// Empty operations in five shapes, from 100 to `mostOps`, with 1 and 2 threads.
int runExecutorBench(uint32_t mostOps);
/// Plans of one operation through a session, compared with an executor that runs them; and ensembles at once.
int runSessionBench();
/// Sleeps of 100 ms in one `map`, compared with a plain timer heap.
int runWaitBench();
/// Graphs under a limit on a virtual clock, compared with a list scheduler.
int runAdmissionBench();
/// Programs that do nothing, compared with `xargs -P`; and a sleep while many programs start.
int runProgramsBench();
/// Model calls of 100 ms in one `map` to the endpoint at `url`, compared with bare libcurl-multi: xcs-faults,
/// or for HTTP/2 over TLS test/Runtime/Inputs/h2_server.py.
int runHttpBench(const std::string &url);
/// The ensemble of five draws, serial and parallel, and the skewed chains, against the endpoint at `url`.
int runEnsembleBench(const std::string &url);
/// Counting, grouping and loops over a million elements, compared with CPython's dict and Counter.
int runDictBench();
/// Maps, filters and loops over a million elements, compared with CPython.
int runLoopBench();
/// Segments of a running program: recorded, compiled, found in the compile cache. It has no peer.
int runSegmentBench();
/// Runs with a journal, compared with the same runs without one.
int runJournalBench();
/// Functions of C++ handles: recorded, compiled, and called. It has no peer.
int runHandlesBench();
/// Whole processes: xcsc on programs of four shapes, compared with mlir-opt on as many operations.
int runCompileBench(const std::string &directory, uint32_t mostOps);
/// Whole processes: the start-up of xcsc and xcs-run with a program of one operation.
int runStartupBench(const std::string &directory);
/// Whole processes: a build of 1,000 commands with a result cache, all of it, nothing and after one change,
/// compared with ninja where that is installed.
int runBuildBench(const std::string &directory);

} // namespace xcs::bench
