# ./dev test [--preset PRESET] [--shard K/N] [PATH...]
preset=dev
shard=()
while [ $# -gt 0 ]; do
  case "$1" in
  --preset)
    preset=${2:-}
    shift $(($# > 1 ? 2 : 1))
    ;;
  --shard)
    [[ "${2:-}" =~ ^([1-9][0-9]*)/([1-9][0-9]*)$ ]] && [ "${BASH_REMATCH[1]}" -le "${BASH_REMATCH[2]}" ] ||
      die "\`--shard ${2:-}\` is not a part of the tests; give K/N, such as 3/10 for the third of ten parts"
    shard=(--run-shard "${BASH_REMATCH[1]}" --num-shards "${BASH_REMATCH[2]}")
    shift 2
    ;;
  *) break ;;
  esac
done
case "$preset" in
dev | release | asan | tsan) need_packages $test_packages ;;
clang | fuzz) need_packages $test_packages $clang_packages ;;
*) die "\`$preset\` is no preset of tests; give one of dev, release, asan, tsan, fuzz, clang" ;;
esac
build_targets "$preset" test-programs

tests=build/$preset/test
suites=("$tests" "$tests/unit")
if [ $# -gt 0 ]; then
  suites=()
  for path in "$@"; do
    path=${path#./}
    suites+=("$tests/${path#test/}")
  done
fi
lit=$(sed -n 's/^XCS_LIT_COMMAND:INTERNAL=//p' "build/$preset/CMakeCache.txt")
results=build/$preset/test-results
rm -f "$results"-*.json
# run_lit NAME FLAG...: lit's own exit status says less than its results, and totals.py turns a run without
# results into a failure. A run with nothing to do has no results either, which its status shows.
run_lit() {
  if timeout 2400 ${lit//;/ } -v --order=lexical --allow-empty-runs "${shard[@]}" --output "$results-$1.json" "${@:2}" "${suites[@]}" &&
    [ ! -e "$results-$1.json" ]; then
    echo '{"tests": []}' >"$results-$1.json"
  fi
}
# Tests in a folder named `timing` measure time: they run alone, and are skipped where a sanitizer slows
# everything down.
run_lit all -j "$(nproc)" --filter-out '/timing/'
if [ "$preset" = dev ] || [ "$preset" = release ] || [ "$preset" = clang ]; then
  run_lit timing -j 1 --filter '/timing/'
fi
exec python3 tools/dev/totals.py "$results"-*.json
