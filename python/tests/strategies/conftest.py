"""The cases, the fuzzer and the paths are those of the structural strategy."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "structural"))
import checkout  # noqa: E402, F401 (it sets the paths)


@pytest.fixture(autouse=True)
def plans_are_closed(monkeypatch):
    """A loaded plan has descriptors of its own, and a module of a test keeps its programs: there are more tests than descriptors."""
    from xcs._structural.program import StructuralProgram

    made, load = [], StructuralProgram._loaded

    def loaded(self, one):
        made.append(one)
        return load(self, one)

    monkeypatch.setattr(StructuralProgram, "_loaded", loaded)
    yield
    for one in made:
        one.loaded = None
