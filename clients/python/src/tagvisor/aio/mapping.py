"""A range of the process's address space."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import grpc

from .. import calls
from ..errors import unless_gone
from ..structs import Buffer
from .bulk import Source

if TYPE_CHECKING:
    from typing_extensions import Self

    from .process import Process


class Mapping:
    """A mapping, to be read and written by offsets into it. As a context manager it is unmapped at the end."""

    def __init__(self, process: Process, address: int, length: int) -> None:
        self.process = process
        self.address = address
        self.length = length
        self._mapped = True

    def __len__(self) -> int:
        return self.length

    def __repr__(self) -> str:
        return f"<Mapping {self.address:#x}-{self.address + self.length:#x}>"

    async def read(self, offset: int = 0, length: int | None = None) -> bytes:
        return await self.process.read(self.address + offset, self._rest(offset, length))

    async def write(self, offset: int, data: Buffer) -> None:
        await self.process.write(self.address + offset, data)

    def download(self) -> AsyncIterator[bytes]:
        """The mapping's bytes, chunk by chunk."""
        return self.process.read_memory(self.address, self.length)

    async def upload(self, source: Source) -> int:
        """Fills the mapping from its start; answers how many bytes."""
        return await self.process.write_memory(self.address, source)

    async def protect(self, prot: int, offset: int = 0, length: int | None = None) -> None:
        await self.process.call(calls.mprotect(self.address + offset, self._rest(offset, length), prot))

    async def advise(self, advice: int, offset: int = 0, length: int | None = None) -> None:
        await self.process.call(calls.madvise(self.address + offset, self._rest(offset, length), advice))

    async def unmap(self, offset: int = 0, length: int | None = None) -> None:
        """Takes a range out of the address space, or all of it."""
        rest = self._rest(offset, length)
        if offset == 0 and rest == self.length:
            self._mapped = False
        await self.process.call(calls.munmap(self.address + offset, rest))

    def _rest(self, offset: int, length: int | None) -> int:
        return self.length - offset if length is None else length

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._mapped and not self.process.has_exited:
            try:
                await self.unmap()
            except (grpc.RpcError, ConnectionError) as error:
                unless_gone(error)
