"""One connection to a server: a channel, what authenticates it, and the stubs on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc

from .._address import Endpoint
from ..gen.kvm.v1 import inspect_service_pb2_grpc, kvm_service_pb2_grpc, memory_service_pb2_grpc
from ..gen.kvm.v1 import syscall_service_pb2_grpc as syscall_service_grpc

if TYPE_CHECKING:
    from ..gen.kvm.v1.inspect_service_pb2_grpc import InspectServiceAsyncStub
    from ..gen.kvm.v1.kvm_service_pb2_grpc import KvmServiceAsyncStub
    from ..gen.kvm.v1.memory_service_pb2_grpc import MemoryServiceAsyncStub
    from ..gen.kvm.v1.syscall_service_pb2_grpc import SyscallServiceAsyncStub


@dataclass(frozen=True)
class Services:
    """The generated stubs of every service. A server with tokens wants `metadata=host.metadata` with each call."""

    syscalls: SyscallServiceAsyncStub
    kvm: KvmServiceAsyncStub
    memory: MemoryServiceAsyncStub
    inspect: InspectServiceAsyncStub


class Transport:
    """A channel with its stubs."""

    def __init__(self, endpoint: Endpoint, rules: bool) -> None:
        self.address = endpoint.address
        self.metadata = endpoint.metadata
        self.rules = rules
        if endpoint.credentials is None:
            self.channel = grpc.aio.insecure_channel(endpoint.target, endpoint.options)
        else:
            self.channel = grpc.aio.secure_channel(endpoint.target, endpoint.credentials, endpoint.options)
        self.services = Services(
            syscall_service_grpc.SyscallServiceStub(self.channel),
            kvm_service_pb2_grpc.KvmServiceStub(self.channel),
            memory_service_pb2_grpc.MemoryServiceStub(self.channel),
            inspect_service_pb2_grpc.InspectServiceStub(self.channel),
        )

    async def ready(self, timeout: float) -> None:
        """Waits until the server answers."""
        try:
            await asyncio.wait_for(self.channel.channel_ready(), timeout)
        except asyncio.TimeoutError:
            raise ConnectionError(f"no tagvisor answers at {self.address}") from None

    async def close(self) -> None:
        await self.channel.close()
