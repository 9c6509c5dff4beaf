# ./dev fuzz [SECONDS]
seconds=${1:-60}
[[ "$seconds" =~ ^[1-9][0-9]*$ ]] || die "\`$seconds\` is no number of seconds; give one from 1"
need_packages $build_packages $clang_packages
build_targets fuzz fuzzers
folder=build/fuzz
mkdir -p "$folder/artifacts"

# Runs one fuzzer and logs its output. Program texts are seeds for fuzzers that read programs, besides a
# fuzzer's own corpus. New inputs go to the first folder, in the build tree; the others are only read.
run_fuzzer() {
  local name=$1 corpus=("$folder/corpus/$1") options=()
  mkdir -p "${corpus[0]}"
  if [ -d "test/fuzz/corpus/$name" ]; then
    corpus+=("test/fuzz/corpus/$name")
  fi
  case "$name" in
  FuzzLexer | FuzzParser)
    corpus+=(docs/examples test/Syntax test/IR test/Transforms test/hostile)
    options+=(-dict=test/fuzz/xir.dict -max_len=4096) # the longest programs of the suites would set the pace
    ;;
  FuzzJson) options+=(-dict=test/fuzz/json.dict) ;;
  FuzzAnswers) options+=(-dict=test/fuzz/answers.dict) ;;
  esac
  "$folder/test/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$folder/artifacts/$name-" "${options[@]}" "${corpus[@]}" >"$folder/$name.log" 2>&1
}

# last_number LOG PATTERN: the number after the last match of `PATTERN: `, 0 if there is none.
last_number() { { grep -oE "$2:? +[0-9]+" "$1" || echo 0; } | tail -n 1 | grep -oE '[0-9]+$'; }

passed=0
failed=0
table=()
# report NAME STATUS: a row of the table; for a finding, the path of its input and the end of the log.
report() {
  local log=$folder/$1.log findings
  findings=$(grep -c '^Test unit written to\|; Test unit written to' "$log" || true)
  table+=("$(printf '%-12s %12s %8s %8s %9s' "$1" "$(last_number "$log" stat::number_of_executed_units)" "$findings" \
    "$(last_number "$log" ' cov')" "$(last_number "$log" ' ft')")")
  if [ "$2" -eq 0 ]; then
    passed=$((passed + 1))
    return
  fi
  failed=$((failed + 1))
  tail -n 40 "$log" >&2
  echo "dev: $1 ended with status $2; see $log" >&2
  grep -o 'Test unit written to .*' "$log" | sed "s/^Test unit written to/dev: $1 found/" >&2 || true
}

names=()
for source in test/fuzz/*.cpp; do
  names+=("$(basename "$source" .cpp)")
done
say "${#names[@]} fuzzers, $seconds s each, two side by side"
for ((i = 0; i < ${#names[@]}; i += 2)); do
  pair=("${names[@]:i:2}")
  pids=()
  for name in "${pair[@]}"; do
    run_fuzzer "$name" &
    pids+=($!)
    started+=($!)
  done
  for j in "${!pair[@]}"; do
    status=0
    wait "${pids[j]}" || status=$?
    report "${pair[j]}" "$status"
  done
done
printf '%-12s %12s %8s %8s %9s\n' fuzzer executions crashes edges features
printf '%s\n' "${table[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
