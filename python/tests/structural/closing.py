"""Plans that tests have loaded are closed after each of them."""

import pytest


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
