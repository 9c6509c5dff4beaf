static llvm::cl::opt<bool> verbose("verbose");
