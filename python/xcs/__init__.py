"""XCS: programs of model calls, HTTP, files and tools at their critical path."""

from ._install import install

__all__ = ["install"]
