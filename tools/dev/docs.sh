# ./dev docs
need_packages $build_packages
build_targets dev xcsc xcs-run xcs-faults
python3 test/house/run.py --build build/dev --only generated --write
export PATH=$PWD/build/dev/bin:$PATH
exec python3 tools/dev/transcripts.py --write docs/tutorial.md docs/examples/README.md docs/plan-format.md
