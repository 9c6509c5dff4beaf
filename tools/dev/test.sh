# ./dev test [PATH...]
need_packages $test_packages
build_targets dev test-programs

tests=build/dev/test
suites=("$tests" "$tests/unit")
if [ $# -gt 0 ]; then
  suites=()
  for path in "$@"; do
    path=${path#./}
    suites+=("$tests/${path#test/}")
  done
fi
lit=$(sed -n 's/^XCS_LIT_COMMAND:INTERNAL=//p' build/dev/CMakeCache.txt)
results=build/dev/test-results.json
rm -f "$results"
# The runner's own exit status says less than its results; totals.py turns a run without results into a failure.
timeout 2400 ${lit//;/ } -j "$(nproc)" -v --order=lexical --output "$results" "${suites[@]}" || true
exec python3 tools/dev/totals.py "$results"
