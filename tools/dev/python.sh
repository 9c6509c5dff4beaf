# Shared by ./dev test, ./dev docs and ./dev demo: the virtual environment of the Python package's tests, and their run.

venv=build/venv
venv_packages=python/requirements-test.txt

# Makes build/venv with the packages of python/requirements-test.txt, unless it is there with the same ones. 1: it could not be made;
# `venv_problem` says why.
make_venv() {
  local python
  cmp -s "$venv_packages" "$venv/ready" && return 0
  python=$(command -v /usr/bin/python3 || command -v python3)
  if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    venv_problem="the package needs Python 3.11 or newer; $python is $("$python" -V)"
    return 1
  fi
  say "Making $venv: a virtual environment with the packages of $venv_packages, from PyPI"
  local log=build/venv.log
  if "$python" -m venv "$venv" >"$log" 2>&1 &&
    "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --retries 1 --timeout 20 -r "$venv_packages" >>"$log" 2>&1; then
    cp "$venv_packages" "$venv/ready"
    return 0
  fi
  rm -f "$venv/ready"
  venv_problem="$venv could not be made ($(tail -n 1 "$log")); its packages are those of $venv_packages"
  return 1
}

# Makes build/clients/oldest: the oldest clients that the package works with. 1: they could not be made; `venv_problem` says why.
make_clients() {
  local log=build/clients.log wanted=requirements-oldest.txt
  cmp -s "python/$wanted" "build/clients/oldest/$wanted" && return 0
  say "Making build/clients/oldest with the packages of python/$wanted, from PyPI"
  (cd python/tests && "../../$venv/bin/python" -m differential.clients) >"$log" 2>&1 && return 0
  venv_problem="build/clients could not be made ($(tail -n 1 "$log"))"
  return 1
}

# run_python RESULTS PRESET PATH...: runs pytest on PATHs, all tests without one, with the package of that preset. Results are in the form
# of lit's; a run that leaves none counts as a failed test.
run_python() {
  local out=$1 preset=$2
  shift 2
  [ $# -gt 0 ] || set -- python/tests
  XCS_BUILD="$PWD/build/$preset" PYTHONPATH="$PWD/build/$preset/python:$PWD/tools/dev" timeout 2000 "$venv/bin/python" -m pytest \
    -c python/pyproject.toml -p no:cacheprovider -p lit_results -n "$(nproc)" --dist worksteal -q --tb=short --results "$out" "$@" >&2 || true
}

# python_not_run RESULTS WHY: one line for the whole suite, which is no failure.
python_not_run() {
  python3 - "$@" <<'TEXT'
import json, sys
json.dump({"tests": [{"code": "UNSUPPORTED", "name": "python :: all tests: " + sys.argv[2]}]}, open(sys.argv[1], "w"))
TEXT
}
