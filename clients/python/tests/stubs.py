"""The generated stubs behind one face, over either of grpcio's two stacks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, Protocol

import grpc

from tagvisor.gen.kvm.v1.kvm_service_pb2_grpc import KvmServiceStub
from tagvisor.gen.kvm.v1.memory_service_pb2_grpc import MemoryServiceStub
from tagvisor.gen.kvm.v1.syscall_service_pb2_grpc import SyscallServiceStub

Message = Any


class Stubs(Protocol):
    """A connection on which a test makes calls by the path of their method, as `MemoryService/ReadMemory`."""

    def unary(self, method: str, request: Message) -> Message:
        """One request, one response."""

    def stream(
        self,
        method: str,
        requests: Sequence[Message],
        *,
        timeout: float | None = None,
        cancel_after: float | None = None,
        stay: bool = False,
    ) -> list[Message]:
        """All the responses. With `stay` the requests do not end, so that this is no answer to a call that sleeps."""

    def close(self) -> None: ...


def status_of(error: BaseException) -> str:
    """The name of the gRPC status."""
    if isinstance(error, asyncio.CancelledError):
        return "CANCELLED"
    if not isinstance(error, grpc.RpcError):
        raise error
    code: grpc.StatusCode = error.code()
    return code.name


STUBS = {"KvmService": KvmServiceStub, "MemoryService": MemoryServiceStub, "SyscallService": SyscallServiceStub}


def _stub(channel: Any, method: str) -> Any:
    service, name = method.split("/")
    return getattr(STUBS[service](channel), name)


class SyncStubs:
    """Threads."""

    def __init__(self, address: str) -> None:
        self.channel = grpc.insecure_channel(address)

    def unary(self, method: str, request: Message) -> Message:
        return _stub(self.channel, method)(request)

    def stream(
        self,
        method: str,
        requests: Sequence[Message],
        *,
        timeout: float | None = None,
        cancel_after: float | None = None,
        stay: bool = False,
    ) -> list[Message]:
        if method.split("/")[1].startswith("Read"):
            return list(_stub(self.channel, method)(requests[0]))
        ended = threading.Event()

        def sending() -> Iterator[Message]:
            yield from requests
            if stay:
                ended.wait()

        call = _stub(self.channel, method)(sending(), timeout=timeout)
        timer = threading.Timer(cancel_after or 0, call.cancel)
        if cancel_after is not None:
            timer.start()
        try:
            return list(call)
        finally:
            timer.cancel()
            ended.set()

    def close(self) -> None:
        self.channel.close()


class AioStubs:
    """asyncio, with a loop of its own."""

    def __init__(self, address: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.channel = self._run(self._open, address)

    async def _open(self, address: str) -> grpc.aio.Channel:
        return grpc.aio.insecure_channel(address)

    def _run(self, function: Callable[..., Awaitable[Any]], *args: Any, **options: Any) -> Any:
        async def run() -> Any:
            return await function(*args, **options)

        return self.loop.run_until_complete(run())

    def unary(self, method: str, request: Message) -> Message:
        return self._run(_stub(self.channel, method), request)

    def stream(
        self,
        method: str,
        requests: Sequence[Message],
        *,
        timeout: float | None = None,
        cancel_after: float | None = None,
        stay: bool = False,
    ) -> list[Message]:
        options = {"timeout": timeout, "cancel_after": cancel_after, "stay": stay}
        answers: list[Message] = self._run(self._stream, method, requests, **options)
        return answers

    async def _stream(
        self, method: str, requests: Sequence[Message], *, timeout: float | None, cancel_after: float | None, stay: bool
    ) -> list[Message]:
        if method.split("/")[1].startswith("Read"):
            return [response async for response in _stub(self.channel, method)(requests[0])]
        ended = asyncio.Event()

        async def sending() -> AsyncIterator[Message]:
            for request in requests:
                yield request
            if stay:
                await ended.wait()

        call = _stub(self.channel, method)(sending(), timeout=timeout)
        if cancel_after is not None:
            self.loop.call_later(cancel_after, call.cancel)
        try:
            return [response async for response in call]
        finally:
            ended.set()

    def close(self) -> None:
        self._run(self.channel.close)
        self.loop.close()


STACKS: dict[str, Callable[[str], Stubs]] = {"sync": SyncStubs, "aio": AioStubs}
