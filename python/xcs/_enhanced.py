"""The enhanced strategy: the structural program with what traces saw, and tracing where it does not fit."""

from __future__ import annotations

from ._strategies import StructuralStrategy


class EnhancedStrategy(StructuralStrategy):
    """Structural, with what traces saw."""

    name = "enhanced"
