# ./dev fuzz [SECONDS]
seconds=${1:-60}
need_packages $build_packages $clang_packages
build_targets fuzz fuzzers
# Every program of the suites is a seed, beside the corpus that a fuzzer may have of its own.
seeds=(docs/examples test/Syntax test/IR test/Transforms)
failures=0
for source in test/fuzz/*.cpp; do
  fuzzer=build/fuzz/test/fuzz/$(basename "$source" .cpp)
  name=$(basename "$fuzzer")
  mkdir -p "build/fuzz/corpus/$name" "build/fuzz/artifacts"
  own=()
  if [ -d "test/fuzz/corpus/$name" ]; then
    own=("test/fuzz/corpus/$name")
  fi
  say "$name for $seconds s"
  # New inputs go to the first folder, in the build tree; the others are only read.
  if ! "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/artifacts/$name-" "build/fuzz/corpus/$name" "${own[@]}" "${seeds[@]}" \
    2>"build/fuzz/$name.log"; then
    tail -40 "build/fuzz/$name.log" >&2
    failures=$((failures + 1))
  fi
  grep -E '^(Done|stat::number_of_executed_units)' "build/fuzz/$name.log" || true
done
[ "$failures" -eq 0 ] || die "$failures fuzzers found something; see build/fuzz/artifacts"
