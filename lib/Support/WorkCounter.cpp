// Called at every basic block of the rooms that are COUNTED (cmake/XcsRoom.cmake). In programs it does
// nothing; a test that counts defines a function of this name, which is linked instead of this one.
extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc() {}
