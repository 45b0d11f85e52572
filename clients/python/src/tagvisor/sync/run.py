"""KVM_RUN, which sleeps as long as the guest runs: a stream of its own for each vCPU."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue

from ..gen.kvm.v1.kvm_pb2 import KvmRun
from ..gen.kvm.v1.kvm_service_pb2 import RunRequest, RunResponse
from ..uapi import KVM_RUN
from .caller import Caller


class _Stream:
    def __init__(self, caller: Caller) -> None:
        self.requests: SimpleQueue[RunRequest | None] = SimpleQueue()
        transport = caller.transport
        self.responses: Iterator[RunResponse] = transport.services.kvm.Run(
            iter(self.requests.get, None), metadata=transport.metadata
        )


class RunStream:
    """One vCPU's stream: a request enters, a response is an exit. It opens with the first run, and after it broke."""

    def __init__(self, caller: Caller, fd: int) -> None:
        self._caller = caller
        self._fd = fd
        self._stream: _Stream | None = None

    def run(self, immediate_exit: int | None, mmio_data: bytes | None) -> KvmRun:
        """Enters the guest; `Process.kill` from another thread interrupts it."""
        if self._stream is None:
            self._stream = _Stream(self._caller)
        request = RunRequest(
            process=self._caller.process, fd=self._fd, immediate_exit=immediate_exit, mmio_data=mmio_data
        )
        self._stream.requests.put(request)
        try:
            response = next(self._stream.responses)
        except StopIteration:
            self.end()
            raise ConnectionError("the server ended the run") from None
        except BaseException:
            self.end()
            raise
        self._caller.check("KVM_RUN", ("ioctl", (self._fd, KVM_RUN)), response)
        return response.run

    def end(self) -> None:
        """Closes the stream, between two runs."""
        if self._stream is not None:
            self._stream.requests.put(None)
            self._stream = None
