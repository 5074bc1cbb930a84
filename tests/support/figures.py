"""What a test has measured, shown at the end of the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Figure: TypeAlias = Callable[[str], None]
