"""The package under test is the one in the build folder, unless PYTHONPATH names another."""

import os
import subprocess
import sys

import places
import pytest

# Programs that tests start find the same package.
sys.path.insert(0, str(places.BUILD / "python"))
os.environ["PYTHONPATH"] = os.pathsep.join([str(places.BUILD / "python"), *filter(None, [os.environ.get("PYTHONPATH")])])
# All traffic of the tests stays on this machine, whatever proxy the person who runs them uses.
for _name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(_name, None)
os.environ["NO_PROXY"] = "*"


@pytest.fixture(scope="session")
def port(tmp_path_factory):
    """The port of a scripted server that plays the endpoints of the examples."""
    server = places.BUILD / "bin" / "xcs-faults"
    if not server.exists():
        pytest.skip(f"{server} is not built")
    folder = tmp_path_factory.mktemp("server")
    said = folder / "port"
    process = subprocess.Popen(
        [server, "--latency", "0", "--script", places.ROOT / "docs" / "examples" / "answers.json", "--max-seconds", "2000", "--",
         "sh", "-c", f"echo $XCS_FAULTS_PORT >{said}.new && mv {said}.new {said} && cat >/dev/null"],
        stdin=subprocess.PIPE)
    try:
        while not said.exists():
            assert process.poll() is None
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                pass
        yield int(said.read_text())
    finally:
        process.stdin.close()
        process.wait(30)
