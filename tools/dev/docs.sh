# ./dev docs
need_packages $build_packages python3-venv python3-dev
source tools/dev/python.sh
build_targets dev xcsc xcs-run xcs-faults
python3 test/house/run.py --build build/dev --only generated --write
export PATH=$PWD/build/dev/bin:$PATH
python3 tools/dev/transcripts.py --write docs/tutorial.md docs/examples/README.md docs/plan-format.md docs/usage/recordings.md docs/usage/journal.md
python3 tools/dev/beside.py --write docs/examples/python/README.md
if make_venv; then
  build_targets dev xcs-python
  export PATH=$PWD/$venv/bin:$PWD/tools/dev:$PATH PYTHONPATH=$PWD/build/dev/python
  python3 tools/dev/transcripts.py --write docs/natural/*.md
else
  echo "dev: the pages of docs/natural are not renewed: $venv_problem" >&2
fi
