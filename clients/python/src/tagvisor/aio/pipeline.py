"""The `Syscalls` stream of one process: the calls of one turn of the event loop travel in one message."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import grpc

from ..calls import MAX_BYTES, MAX_CALLS, Call, grouped
from ..gen.kvm.v1.syscall_service_pb2 import Syscall, SyscallResult, SyscallsRequest, SyscallsResponse
from .transport import Transport

if TYPE_CHECKING:
    Future = asyncio.Future[Sequence[SyscallResult]]
    StreamCall = grpc.aio.StreamStreamCall[SyscallsRequest, SyscallsResponse]


class Answer:
    """The answer to calls, which may have to come first."""

    def __init__(self, future: Future) -> None:
        self.future = future

    async def wait(self) -> Sequence[SyscallResult]:
        return await self.future


class _Message:
    """Calls that go off together, and who waits for which of them."""

    def __init__(self, stop_at_error: bool = False) -> None:
        self.calls: list[Syscall] = []
        self.stop_at_error = stop_at_error
        self.bytes = 0
        self.waiters: list[tuple[int, int, Future]] = []

    def add(self, calls: Sequence[Call[Any]]) -> Answer:
        future: Future = asyncio.get_running_loop().create_future()
        start = len(self.calls)
        self.calls += [call.message for call in calls]
        self.bytes += sum(call.weight for call in calls)
        self.waiters.append((start, len(self.calls), future))
        return Answer(future)

    def deliver(self, results: Sequence[SyscallResult]) -> None:
        for start, end, answer in self.waiters:
            if not answer.done():
                answer.set_result(results[start:end])

    def fail(self, error: Exception) -> None:
        for _, _, answer in self.waiters:
            if not answer.done():
                answer.set_exception(error)
                answer.exception()  # Nobody needs to have waited for it.


class _Stream:
    """An open stream and what it has not answered yet, oldest first."""

    def __init__(self, call: StreamCall) -> None:
        self.call = call
        self.in_flight: deque[_Message] = deque()

    async def read(self) -> Exception:
        """Delivers the answers, to the end; answers why it has ended."""
        try:
            while isinstance(response := await self.call.read(), SyscallsResponse):
                self.in_flight.popleft().deliver(response.results)
        except grpc.RpcError as error:
            return error
        except asyncio.CancelledError:
            return ConnectionError("the connection was closed")
        return ConnectionError("the server ended the stream")

    async def write(self, request: SyscallsRequest) -> None:
        with suppress(grpc.RpcError, asyncio.InvalidStateError):  # Who reads knows why the stream has ended.
            await self.call.write(request)

    async def end(self) -> None:
        with suppress(grpc.RpcError, asyncio.InvalidStateError):
            await self.call.done_writing()


class Pipeline:
    """Puts calls on the stream in order. It opens with the first call, and again after an error ended it."""

    def __init__(self, transport: Transport, process: int) -> None:
        self._transport = transport
        self._process = process
        self._outbox: deque[_Message] = deque()
        self._joinable = False
        self._stream: _Stream | None = None
        self._writer: asyncio.Task[None] | None = None
        self._readers: set[asyncio.Task[None]] = set()

    async def call(self, call: Call[Any]) -> SyscallResult:
        """One call; it shares its message with others of the same turn."""
        return (await self._join((call,)).wait())[0]

    async def together(self, calls: Sequence[Call[Any]]) -> list[SyscallResult]:
        """Calls with no other in between; each is made, whatever became of those before."""
        answers = [self._join(group) for group in grouped(calls)]
        return [result for answer in answers for result in await answer.wait()]

    def send(self, calls: Sequence[Call[Any]], stop_at_error: bool = False) -> Answer:
        """Calls that may refer to each other, in a message of their own."""
        message = _Message(stop_at_error)
        answer = message.add(calls)
        self._post(message)
        self._joinable = False
        return answer

    async def end(self) -> None:
        """Sends what waits and ends the stream when that is answered; a later call opens a new one."""
        if self._writer is not None:
            await self._writer
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.end()

    def _join(self, calls: Sequence[Call[Any]]) -> Answer:
        last = self._outbox[-1] if self._joinable and self._outbox else None
        weight = sum(call.weight for call in calls)
        if last is None or len(last.calls) + len(calls) > MAX_CALLS or last.bytes + weight > MAX_BYTES:
            last = _Message()
            self._post(last)
            self._joinable = True
        return last.add(calls)

    def _post(self, message: _Message) -> None:
        self._outbox.append(message)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._outbox:
                stream = self._stream = self._stream or self._open()
                message = self._outbox.popleft()
                stream.in_flight.append(message)
                await stream.write(
                    SyscallsRequest(process=self._process, calls=message.calls, stop_at_error=message.stop_at_error)
                )
        except Exception as error:
            self._fail(error)
        finally:
            self._writer = None

    def _open(self) -> _Stream:
        stream = _Stream(self._transport.services.syscalls.Syscalls(metadata=self._transport.metadata))
        reader = asyncio.create_task(self._read(stream))
        self._readers.add(reader)
        reader.add_done_callback(self._readers.discard)
        return stream

    async def _read(self, stream: _Stream) -> None:
        error = await stream.read()
        for message in stream.in_flight:
            message.fail(error)
        stream.in_flight.clear()
        if self._stream is stream:
            self._stream = None
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """What waits behind a failure fails with it: it may rely on what was sent."""
        while self._outbox:
            self._outbox.popleft().fail(error)
