// Called at every basic block of the rooms that are COUNTED (cmake/XcsRoom.cmake). Programs count nothing; a
// test that counts has a function of this name, which is linked in place of this one.
extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc() {}
