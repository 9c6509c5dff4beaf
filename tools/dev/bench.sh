# ./dev bench [ARGS...]
need_packages $bench_packages
build_targets release xcsc xcs-run xcs-bench xcs-faults
exec build/release/bin/xcs-bench "$@"
