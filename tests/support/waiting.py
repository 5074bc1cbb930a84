"""Waiting for something that nobody tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def eventually(true: Callable[[], object], seconds: float = 3.0) -> None:
    """Wait until ``true()``; raises ``TimeoutError``."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for may be anything
            await asyncio.sleep(0.005)
