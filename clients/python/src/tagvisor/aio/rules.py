"""Which check refused a call: what the process's trace says of its last failures."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

import grpc

from ..calls import Trace
from ..gen.kvm.v1.inspect_service_pb2 import TraceEntry, TraceRequest
from .transport import Transport

MEMORY = 256
"""How many failures are remembered that nobody asked about yet."""


def _matches(entry: TraceEntry, trace: Trace, error: int) -> bool:
    name, args = trace
    if entry.call != name or entry.error != error:
        return False
    for known, arg in zip(args, entry.args, strict=False):
        kind = arg.WhichOneof("value")
        if known is not None and kind is not None and getattr(arg, kind) != known:
            return False
    return True


class Rules:
    """Reads on in one process's trace when something has failed."""

    def __init__(self, transport: Transport, process: int) -> None:
        self._transport = transport
        self._process = process
        self._since = 0
        self._failures: deque[TraceEntry] = deque(maxlen=MEMORY)
        self._reading = asyncio.Lock()

    async def find(self, trace: Trace, error: int) -> str | None:
        """The rule behind a failure; none where the trace does not have it any more, or cannot be read."""
        async with self._reading:
            with suppress(grpc.RpcError):
                await self._read()
            found = (entry.rule for entry in reversed(self._failures) if _matches(entry, trace, error))
            return next(found, None) or None

    async def _read(self) -> None:
        transport = self._transport
        request = TraceRequest(process=self._process, since=self._since)
        async for response in transport.services.inspect.Trace(request, metadata=transport.metadata):
            for entry in response.entries:
                self._since = entry.sequence
                if entry.error:
                    self._failures.append(entry)
