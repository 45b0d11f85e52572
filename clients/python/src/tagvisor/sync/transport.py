"""One connection to a server: a channel, what authenticates it, and the stubs on it."""

from __future__ import annotations

from dataclasses import dataclass

import grpc

from .._address import Endpoint
from ..gen.kvm.v1.inspect_service_pb2_grpc import InspectServiceStub
from ..gen.kvm.v1.kvm_service_pb2_grpc import KvmServiceStub
from ..gen.kvm.v1.memory_service_pb2_grpc import MemoryServiceStub
from ..gen.kvm.v1.syscall_service_pb2_grpc import SyscallServiceStub


@dataclass(frozen=True)
class Services:
    """The generated stubs of every service. A server with tokens wants `metadata=host.metadata` with each call."""

    syscalls: SyscallServiceStub
    kvm: KvmServiceStub
    memory: MemoryServiceStub
    inspect: InspectServiceStub


class Transport:
    """A channel with its stubs."""

    def __init__(self, endpoint: Endpoint, rules: bool) -> None:
        self.address = endpoint.address
        self.metadata = endpoint.metadata
        self.rules = rules
        if endpoint.credentials is None:
            self.channel = grpc.insecure_channel(endpoint.target, endpoint.options)
        else:
            self.channel = grpc.secure_channel(endpoint.target, endpoint.credentials, endpoint.options)
        self.services = Services(
            SyscallServiceStub(self.channel),
            KvmServiceStub(self.channel),
            MemoryServiceStub(self.channel),
            InspectServiceStub(self.channel),
        )

    def ready(self, timeout: float) -> None:
        """Waits until the server answers."""
        try:
            grpc.channel_ready_future(self.channel).result(timeout)
        except grpc.FutureTimeoutError:
            raise ConnectionError(f"no tagvisor answers at {self.address}") from None

    def close(self) -> None:
        self.channel.close()
