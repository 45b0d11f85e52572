"""The `Syscalls` stream of one process: lists of calls from any thread, answered in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from threading import Lock
from typing import Any

import grpc

from ..calls import Call, grouped
from ..gen.kvm.v1.syscall_service_pb2 import SyscallResult, SyscallsRequest, SyscallsResponse
from .transport import Transport


class Answer:
    """The answer to a message, which may have to come first."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self.results: Sequence[SyscallResult] | None = None
        self.error: Exception | None = None

    def wait(self) -> Sequence[SyscallResult]:
        if self.results is None:
            self._stream.read_to(self)
        if self.results is None:
            raise self.error or ConnectionError("the stream has no answer")
        return self.results


class _Stream:
    """An open stream. Whoever waits first reads it, also for those who wait behind; no thread does nothing else."""

    def __init__(self, transport: Transport) -> None:
        self.requests: SimpleQueue[SyscallsRequest | None] = SimpleQueue()
        self.answers: deque[Answer] = deque()
        self.broken = False
        self._reading = Lock()
        call = transport.services.syscalls.Syscalls(iter(self.requests.get, None), metadata=transport.metadata)
        self._responses: Iterator[SyscallsResponse] = call

    def read_to(self, answer: Answer) -> None:
        with self._reading:
            while answer.results is None and answer.error is None:
                self._read()

    def _read(self) -> None:
        try:
            response = next(self._responses)
        except StopIteration:
            self._break(ConnectionError("the server ended the stream"))
        except (grpc.RpcError, ValueError) as error:
            self._break(error)
        else:
            self.answers.popleft().results = response.results

    def _break(self, error: Exception) -> None:
        self.broken = True
        self.requests.put(None)
        while self.answers:
            self.answers.popleft().error = error


class Pipeline:
    """Puts calls on the stream in order. It opens with the first call, and again after an error ended it."""

    def __init__(self, transport: Transport, process: int) -> None:
        self._transport = transport
        self._process = process
        self._stream: _Stream | None = None
        self._sending = Lock()

    def call(self, call: Call[Any]) -> SyscallResult:
        """One call."""
        return self.send((call,)).wait()[0]

    def together(self, calls: Sequence[Call[Any]]) -> list[SyscallResult]:
        """Calls with no other in between; each is made, whatever became of those before."""
        with self._sending:
            answers = [self._send(group, False) for group in grouped(calls)]
        return [result for answer in answers for result in answer.wait()]

    def send(self, calls: Sequence[Call[Any]], stop_at_error: bool = False) -> Answer:
        """Calls that may refer to each other, in a message of their own."""
        with self._sending:
            return self._send(calls, stop_at_error)

    def end(self) -> None:
        """Ends the stream, once what was sent has been answered; a later call opens a new one."""
        with self._sending:
            if self._stream is not None:
                self._stream.requests.put(None)
            self._stream = None

    def _send(self, calls: Sequence[Call[Any]], stop_at_error: bool) -> Answer:
        stream = self._stream
        if stream is None or stream.broken:
            stream = self._stream = _Stream(self._transport)
        answer = Answer(stream)
        messages = [call.message for call in calls]
        stream.answers.append(answer)
        stream.requests.put(SyscallsRequest(process=self._process, calls=messages, stop_at_error=stop_at_error))
        return answer
