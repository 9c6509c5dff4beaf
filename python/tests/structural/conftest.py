"""The package under test is the one in the build folder, unless PYTHONPATH names another."""

import checkout  # noqa: F401 (it sets the paths)
from closing import plans_are_closed  # noqa: F401
