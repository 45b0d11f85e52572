"""KVM_RUN, which sleeps as long as the guest runs: a stream of its own for each vCPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc

from ..gen.kvm.v1.kvm_pb2 import KvmRun
from ..gen.kvm.v1.kvm_service_pb2 import RunRequest, RunResponse
from ..uapi import KVM_RUN
from .caller import Caller

if TYPE_CHECKING:
    Stream = grpc.aio.StreamStreamCall[RunRequest, RunResponse]


class RunStream:
    """One vCPU's stream: a request enters, a response is an exit. It opens with the first run, and after it broke."""

    def __init__(self, caller: Caller, fd: int) -> None:
        self._caller = caller
        self._fd = fd
        self._stream: Stream | None = None

    async def run(self, immediate_exit: int | None, mmio_data: bytes | None) -> KvmRun:
        """Enters the guest; cancelling the task interrupts it."""
        transport = self._caller.transport
        if self._stream is None:
            self._stream = transport.services.kvm.Run(metadata=transport.metadata)
        stream = self._stream
        request = RunRequest(
            process=self._caller.process, fd=self._fd, immediate_exit=immediate_exit, mmio_data=mmio_data
        )
        try:
            await stream.write(request)
            response = await stream.read()
        except BaseException:
            stream.cancel()
            self._stream = None
            raise
        if not isinstance(response, RunResponse):
            self._stream = None
            raise ConnectionError("the server ended the run")
        await self._caller.check("KVM_RUN", ("ioctl", (self._fd, KVM_RUN)), response)
        return response.run

    async def end(self) -> None:
        """Closes the stream, between two runs."""
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None
