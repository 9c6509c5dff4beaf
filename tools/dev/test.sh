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
results=build/dev/test-results
rm -f "$results"-*.json
# run_lit NAME FLAG...: lit's own exit status says less than its results, and totals.py turns a run without results into a failure; a run
# that had nothing to do leaves none either, and says so by its status.
run_lit() {
  if timeout 2400 ${lit//;/ } -v --order=lexical --allow-empty-runs --output "$results-$1.json" "${@:2}" "${suites[@]}" &&
    [ ! -e "$results-$1.json" ]; then
    echo '{"tests": []}' >"$results-$1.json"
  fi
}
# Tests in a folder named `timing` measure time: they have the machine to themselves.
run_lit all -j "$(nproc)" --filter-out '/timing/'
if [ -n "$(find test -type d -name timing)" ]; then
  run_lit timing -j 1 --filter '/timing/'
fi
exec python3 tools/dev/totals.py "$results"-*.json
