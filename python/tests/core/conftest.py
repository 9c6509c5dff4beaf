"""The package under test is the one in the build folder, unless PYTHONPATH names another."""

import os
import sys

import places

# Programs that tests start find the same package.
sys.path.insert(0, str(places.BUILD / "python"))
os.environ["PYTHONPATH"] = os.pathsep.join([str(places.BUILD / "python"), *filter(None, [os.environ.get("PYTHONPATH")])])
# All traffic of the tests stays on this machine, whatever proxy the person who runs them uses.
for _name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(_name, None)
os.environ["NO_PROXY"] = "*"
