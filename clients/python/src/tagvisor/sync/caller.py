# Generated from aio/ by tools/generate.py. DO NOT EDIT.
"""Makes the calls of one process over its stream, and says why one failed."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
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
        self._scratch_lock = threading.Lock()
        self._scratch = (0, 0)

    def call(self, call: Call[T]) -> T:
        """Makes a call; raises KvmError where it fails."""
        return self._value(call, self.pipeline.call(call))

    def each(self, calls: Iterable[Call[T]]) -> Iterator[T]:
        """Makes any number of calls, many in a message and several messages ahead, and yields what they answer."""
        sent: deque[tuple[list[Call[T]], Answer]] = deque()
        for group in grouped(calls):
            sent.append((group, self.pipeline.send(group)))
            if len(sent) == WINDOW:
                for value in self._values(*sent.popleft()):
                    yield value
        while sent:
            for value in self._values(*sent.popleft()):
                yield value

    def _values(self, calls: Sequence[Call[T]], answer: Answer) -> list[T]:
        return [
            self._value(call, result) if result.error or call.argument is not None else call.answer(result)
            for call, result in zip(calls, answer.wait(), strict=True)
        ]

    def _value(self, call: Call[T], result: SyscallResult) -> T:
        call.take(result)
        if result.error:
            raise self.failure(call, result)
        return call.answer(result)

    def results(self, *calls: Call[Any]) -> list[SyscallResult]:
        """Makes calls with no other in between; answers what each of them answered, failures too."""
        results = self.pipeline.together(calls)
        for call, result in zip(calls, results, strict=True):
            call.take(result)
        return results

    def check(self, name: str, trace: Trace, outcome: Outcome) -> int:
        """The result of a call that went another way than the stream; raises KvmError where it failed."""
        if outcome.error:
            raise self.explained(name, trace, outcome.error)
        return outcome.ret

    def failure(self, call: Call[Any], result: SyscallResult) -> KvmError:
        """The error of a failed call, with the rule that refused it."""
        return self.explained(call.name, call.trace, result.error)

    def explained(self, name: str, trace: Trace, error: int, completed: int | None = None) -> KvmError:
        rule = self._rules.find(trace, error) if self.transport.rules else None
        return KvmError(name, error, rule, completed)

    def with_buffer(self, call: Call[Any], size: int, before: bytes = b"", *, member: str = "addr") -> bytes:
        """Makes a request with a member that points at a buffer; answers what stands there afterwards."""
        with self._scratch_lock:
            address = self._scratch_area(size)
            call.point(member, address)
            write = [calls.process_vm_writev(address, before)] if before else []
            results = self.results(*write, call, calls.process_vm_readv(address, size))
        result = results[len(write)]
        if result.error:
            raise self.failure(call, result)
        return results[-1].data

    def _scratch_area(self, size: int) -> int:
        """Memory of the process for buffers that structs point at."""
        if self._scratch[1] < size:
            length = max(size, SCRATCH_BYTES)
            self._scratch = (self.call(calls.mmap(length)), length)
        return self._scratch[0]
