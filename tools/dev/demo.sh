# ./dev demo
need_packages $build_packages python3-venv python3-dev
source tools/dev/python.sh
build_targets release xcsc xcs-run xcs-faults

folder=$(mktemp -d)
trap 'end_started; rm -rf "$folder"' EXIT
say "A model endpoint on 127.0.0.1 that takes 100 ms an answer (xcs-faults)"
# The server takes a free port, runs the command, and ends with it.
build/release/bin/xcs-faults --latency 100ms --script tools/dev/demo-answers.json --log "$folder/requests" --max-seconds 120 -- \
  bash tools/dev/demo-runs.sh build/release/bin "$folder" '{url}' '{port}' ||
  die "the demo failed"

# The same in Python, where the environment for it can be made: its packages come from the network.
if make_venv; then
  build_targets release xcs-python
  bash tools/dev/demo-python.sh build/release/bin "$folder" "$venv/bin/python" "$PWD/build/release/python" 100ms || die "the demo in Python failed"
else
  say "The same ensemble as a Python script is not shown: $venv_problem"
fi
