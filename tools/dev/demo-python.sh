#!/usr/bin/env bash
# The part of ./dev demo that shows a Python script: demo-python.sh BIN FOLDER PYTHON PACKAGE LATENCY
# PYTHON is that of an environment with the OpenAI client, PACKAGE the folder that has the package `xcs`.
set -euo pipefail
bin=$1 folder=$2 python=$3 package=$4 latency=$5
script=docs/examples/natural/ensemble.py
export OPENAI_API_KEY=${OPENAI_API_KEY:-demo-key}
unset XCS_REMARKS

say() { if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi; }

say "The same ensemble as a Python script with the OpenAI client: $script"
cat "$script"

# run NAME FLAG...: what the script prints, and its requests as the endpoint saw them.
run() {
  local name=$1
  shift
  say "python${*:+ $*} ensemble.py"
  "$bin/xcs-faults" --latency "$latency" --script tools/dev/demo-answers.json --log "$folder/$name.log" --max-seconds 120 -- \
    env OPENAI_BASE_URL='{url}' PYTHONPATH="$package" PYTHONDONTWRITEBYTECODE=1 NO_PROXY='*' "$python" "$@" "$script"
  python3 tools/dev/timeline.py "$folder/$name.log"
}
run plain
run deferred -m xcs
say "Times, from the first request to the last answer"
python3 tools/dev/compare.py "$folder/plain.log" "$folder/deferred.log"
