"""Makes the calls of one process over its stream, and says why one failed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from .. import calls
from ..calls import Call, Trace, grouped
from ..errors import KvmError
from ..gen.kvm.v1.syscall_service_pb2 import SyscallResult
from .pipeline import Answer, Pipeline
from .rules import Rules
from .transport import Transport

T = TypeVar("T")
SCRATCH_BYTES = 64 << 10
WINDOW = 4
"""Messages of a long list of calls that are on their way at a time."""


class Outcome(Protocol):
    """What a call answers, as the protos have it."""

    @property
    def ret(self) -> int: ...
    @property
    def error(self) -> int: ...


class Caller:
    """The calls of one process."""

    def __init__(self, transport: Transport, process: int) -> None:
        self.transport = transport
        self.process = process
        self.pipeline = Pipeline(transport, process)
        self._rules = Rules(transport, process)
        self._scratch_lock = asyncio.Lock()
        self._scratch = (0, 0)

    async def call(self, call: Call[T]) -> T:
        """Makes a call; raises KvmError where it fails."""
        return await self._value(call, await self.pipeline.call(call))

    async def each(self, calls: Iterable[Call[T]]) -> AsyncIterator[T]:
        """Makes any number of calls, many in a message and several messages ahead, and yields what they answer."""
        sent: deque[tuple[list[Call[T]], Answer]] = deque()
        for group in grouped(calls):
            sent.append((group, self.pipeline.send(group)))
            if len(sent) == WINDOW:
                for value in await self._values(*sent.popleft()):
                    yield value
        while sent:
            for value in await self._values(*sent.popleft()):
                yield value

    async def _values(self, calls: Sequence[Call[T]], answer: Answer) -> list[T]:
        return [
            await self._value(call, result) if result.error or call.argument is not None else call.answer(result)
            for call, result in zip(calls, await answer.wait(), strict=True)
        ]

    async def _value(self, call: Call[T], result: SyscallResult) -> T:
        call.take(result)
        if result.error:
            raise await self.failure(call, result)
        return call.answer(result)

    async def results(self, *calls: Call[Any]) -> list[SyscallResult]:
        """Makes calls with no other in between; answers what each of them answered, failures too."""
        results = await self.pipeline.together(calls)
        for call, result in zip(calls, results, strict=True):
            call.take(result)
        return results

    async def check(self, name: str, trace: Trace, outcome: Outcome) -> int:
        """The result of a call that went another way than the stream; raises KvmError where it failed."""
        if outcome.error:
            raise await self.explained(name, trace, outcome.error)
        return outcome.ret

    async def failure(self, call: Call[Any], result: SyscallResult) -> KvmError:
        """The error of a failed call, with the rule that refused it."""
        return await self.explained(call.name, call.trace, result.error)

    async def explained(self, name: str, trace: Trace, error: int, completed: int | None = None) -> KvmError:
        rule = await self._rules.find(trace, error) if self.transport.rules else None
        return KvmError(name, error, rule, completed)

    async def with_buffer(self, call: Call[Any], size: int, before: bytes = b"", *, member: str = "addr") -> bytes:
        """Makes a request with a member that points at a buffer; answers what stands there afterwards."""
        async with self._scratch_lock:
            address = await self._scratch_area(size)
            call.point(member, address)
            write = [calls.process_vm_writev(address, before)] if before else []
            results = await self.results(*write, call, calls.process_vm_readv(address, size))
        result = results[len(write)]
        if result.error:
            raise await self.failure(call, result)
        return results[-1].data

    async def _scratch_area(self, size: int) -> int:
        """Memory of the process for buffers that structs point at."""
        if self._scratch[1] < size:
            length = max(size, SCRATCH_BYTES)
            self._scratch = (await self.call(calls.mmap(length)), length)
        return self._scratch[0]
