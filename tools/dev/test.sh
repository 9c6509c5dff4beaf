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
# The build of the fuzzers has the sanitizers of addresses and of undefined behaviour: a second one would cost as much again.
[ "$preset" = asan ] && preset=fuzz
case "$preset" in
dev | release | tsan) need_packages $test_packages ;;
clang | fuzz) need_packages $test_packages $clang_packages ;;
*) die "\`$preset\` is not a preset of tests; give one of dev, release, asan, tsan, clang" ;;
esac
source tools/dev/python.sh
tests=build/$preset/test
suites=("$tests" "$tests/unit")
python_paths=()
runs_python=yes
if [ $# -gt 0 ]; then
  suites=()
  for path in "$@"; do
    path=${path#./}
    case "$path" in
    python | python/) python_paths+=(python/tests) ;;
    python/*) python_paths+=("$path") ;;
    *) suites+=("$tests/${path#test/}") ;;
    esac
  done
  [ ${#python_paths[@]} -gt 0 ] || runs_python=
fi
# The package is one module in a process of Python's, which knows nothing of sanitizers; of several parts the first has its tests.
python_problem=
case "$preset" in
tsan | fuzz) python_problem="not with sanitizers" ;;
esac
[ ${#shard[@]} -eq 0 ] || [ "${shard[1]}" = 1 ] || runs_python=
mkdir -p build
targets=()
[ ${#suites[@]} -eq 0 ] || targets+=(test-programs)
if [ -n "$runs_python" ] && [ -z "$python_problem" ]; then
  if make_venv && make_clients; then
    targets+=(xcs-python)
    # The scripted server.
    [ ${#suites[@]} -gt 0 ] || targets+=(xcs-faults)
  else
    python_problem=$venv_problem
    echo "dev: the tests of the Python package are not run: $python_problem" >&2
  fi
fi
[ ${#targets[@]} -eq 0 ] || build_targets "$preset" "${targets[@]}"

lit=$(sed -n 's/^XCS_LIT_COMMAND:INTERNAL=//p' "build/$preset/CMakeCache.txt")
results=build/$preset/test-results
reports=build/$preset/sanitizer-reports # test/limits.cfg.py
rm -rf "$results"-*.json "$reports"
files=() # of each run's results: one that is missing at the end is a failure
# run_lit NAME FLAG...: lit's own exit status says less than its results, and totals.py turns a run without
# results into a failure. A run with nothing to do has no results either, which its status shows.
run_lit() {
  files+=("$results-$1.json")
  if timeout 7200 ${lit//;/ } -v --order=lexical --allow-empty-runs "${shard[@]}" --output "$results-$1.json" "${@:2}" "${suites[@]}" &&
    [ ! -e "$results-$1.json" ]; then
    echo '{"tests": []}' >"$results-$1.json"
  fi
}
# Tests in a folder named `timing` measure time: they run alone, and are skipped where a sanitizer slows
# everything down.
if [ ${#suites[@]} -gt 0 ]; then
  run_lit all -j "$(nproc)" --filter-out '/timing/'
fi
if [ ${#suites[@]} -gt 0 ] && { [ "$preset" = dev ] || [ "$preset" = release ] || [ "$preset" = clang ]; }; then
  run_lit timing -j 1 --filter '/timing/'
fi
if [ -n "$runs_python" ]; then
  files+=("$results-python.json")
  if [ -n "$python_problem" ]; then
    python_not_run "$results-python.json" "$python_problem"
  else
    run_python "$PWD/$results-python.json" "$preset" "${python_paths[@]}"
  fi
fi
exec python3 tools/dev/totals.py --reports "$reports" "${files[@]}"
