# ./dev lint [--only CHECK]
need_packages $build_packages $clang_packages
# The checks read the build's compile commands, its generated sources and what the tools print.
build_targets dev all
exec python3 test/house/run.py --build build/dev "$@"
