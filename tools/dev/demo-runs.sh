#!/usr/bin/env bash
# The part of ./dev demo that runs while the endpoint listens: demo-runs.sh BIN FOLDER URL PORT
set -euo pipefail
bin=$1 folder=$2 url=$3 port=$4
example=docs/examples/ensemble.xir
question="Which is the largest planet?"
# The endpoint requires no key; the program sends one anyway, as it would to a real one.
export OPENAI_API_KEY=${OPENAI_API_KEY:-demo-key}

say() { if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi; }

say "The program: $example"
grep -v '^//' "$example"
# The example uses the common local port; the copy uses that of this server.
sed -E "s#http://127\.0\.0\.1:[0-9]+#${url%/v1}#" "$example" >"$folder/ensemble.xir"

say "xcsc ensemble.xir -o ensemble.xplan"
"$bin/xcsc" "$folder/ensemble.xir" -o "$folder/ensemble.xplan"

# run NAME FLAG...: the answer, the counts and the trace of one run.
run() {
  local name=$1
  shift
  say "xcs-run ensemble.xplan${*:+ $*}"
  "$bin/xcs-run" "$folder/ensemble.xplan" --arg "question=$question" "--allow-net=127.0.0.1:$port" \
    "--allow-secret=OPENAI_API_KEY@127.0.0.1:$port" --stats=json --trace "$folder/$name.trace" "$@" 2>"$folder/$name.stats" ||
    { cat "$folder/$name.stats" >&2; exit 1; }
  python3 tools/dev/timeline.py "$folder/$name.trace" model. http.
}
run serial --schedule=serial
run parallel
say "Times"
python3 tools/dev/compare.py "$folder/serial.stats" "$folder/parallel.stats"
