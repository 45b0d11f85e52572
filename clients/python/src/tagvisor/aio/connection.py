"""A connection to a server, where clients begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._address import TlsOptions, endpoint
from ..gen.kvm.v1 import inspect_service_pb2 as inspect_pb
from ..gen.kvm.v1.syscall_service_pb2 import RenewRequest, SpawnRequest
from .process import Process
from .transport import Services, Transport

if TYPE_CHECKING:
    from typing_extensions import Self


async def connect(
    address: str,
    *,
    token: str | None = None,
    tls: bool | TlsOptions | None = None,
    timeout: float = 5,
    rules: bool = True,
    options: Sequence[tuple[str, Any]] = (),
) -> Tagvisor:
    """Connects to a server: `host:port`, `https://host:port` or `unix:/path`.

    `token` authenticates each call. With `rules` a KvmError says which check refused the call, which takes one more
    round trip after a failure. `options` are gRPC's channel arguments.
    """
    transport = Transport(endpoint(address, token, tls, options), rules)
    try:
        await transport.ready(timeout)
    except BaseException:
        await transport.close()
        raise
    return Tagvisor(transport)


class Tagvisor:
    """A server, connected. As a context manager it is disconnected at the end."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def __repr__(self) -> str:
        return f"<Tagvisor {self.address}>"

    @property
    def address(self) -> str:
        return self._transport.address

    @property
    def services(self) -> Services:
        """The generated stubs, for everything that has no method here."""
        return self._transport.services

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What authenticates a call of the stubs."""
        return self._transport.metadata

    async def spawn(
        self, kernel: str = "", *, labels: Mapping[str, str] | None = None, lease_seconds: int = 0
    ) -> Process:
        """Starts an emulated process under a kernel: seed-v10, 5.14, 6.1, 6.12, 7.1, or the server's default."""
        request = SpawnRequest(kernel=kernel, labels=labels or {}, lease_seconds=lease_seconds)
        response = await self.services.syscalls.Spawn(request, metadata=self.metadata)
        return Process(self._transport, response.process, response.pid, response.kernel)

    async def attach(self, handle: int) -> Process:
        """A process that exists already, by its handle."""
        for known in await self.processes():
            if known.process == handle:
                return Process(self._transport, handle, known.pid, known.kernel)
        # It is not ours, or not there: the server knows which.
        await self.services.syscalls.Renew(RenewRequest(process=handle), metadata=self.metadata)
        return Process(self._transport, handle, 0, "")

    async def processes(self) -> list[inspect_pb.Process]:
        """The processes that belong to this client's token, oldest first."""
        response = await self.services.inspect.Processes(inspect_pb.ProcessesRequest(), metadata=self.metadata)
        return list(response.processes)

    async def kernels(self) -> list[inspect_pb.Kernel]:
        """The kernels that a process can run under, with everything in which they differ."""
        response = await self.services.inspect.Kernels(inspect_pb.KernelsRequest(), metadata=self.metadata)
        return list(response.kernels)

    async def close(self) -> None:
        """Closes the connection. Processes that did not exit live on for their lease."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
