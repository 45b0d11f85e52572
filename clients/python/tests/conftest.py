"""A running server, which TAGVISOR_ADDRESS names."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tagvisor import Process, connect


@pytest.fixture(scope="session")
def address() -> str:
    """Where the server is."""
    found = os.environ.get("TAGVISOR_ADDRESS")
    if not found:
        pytest.skip("TAGVISOR_ADDRESS names no server")
    return found


@pytest.fixture
def process(address: str) -> Iterator[Process]:
    """An emulated process of the synchronous client."""
    with connect(address) as host, host.spawn("6.12") as process:
        yield process
