import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import both  # noqa: E402

sys.path.insert(0, str(both.BUILD / "python"))


@pytest.fixture(scope="session")
def server():
    s = both.server()
    yield s
    s.server.shutdown()
