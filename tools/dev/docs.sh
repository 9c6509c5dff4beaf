# ./dev docs
need_packages $build_packages
build_targets dev xcsc xcs-run
exec python3 test/house/run.py --build build/dev --only generated --write
