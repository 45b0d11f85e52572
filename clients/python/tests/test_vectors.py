"""The shared vectors, over both stacks of grpcio."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from replay import Replay
from stubs import STACKS

VECTORS = Path(__file__).resolve().parents[2] / "vectors.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text())["cases"]
GONE = os.environ.get("TAGVISOR_GONE_ADDRESS")


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_vector(address: str, stack: str, case: dict[str, Any]) -> None:
    connect = STACKS[stack]
    with closing(connect(address)) as stubs:
        replay = Replay(connect, stubs, case["kernel"], GONE)
        try:
            for step in case["steps"]:
                if step["op"] != "server_gone" or GONE:
                    assert replay.step(step) == []
        finally:
            replay.exit()
