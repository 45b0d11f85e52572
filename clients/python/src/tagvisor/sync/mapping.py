# Generated from aio/ by tools/generate.py. DO NOT EDIT.
"""A range of the process's address space."""

from __future__ import annotations

from collections.abc import Iterator
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

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        return self.process.read(self.address + offset, self._rest(offset, length))

    def write(self, offset: int, data: Buffer) -> None:
        self.process.write(self.address + offset, data)

    def download(self) -> Iterator[bytes]:
        """The mapping's bytes, chunk by chunk."""
        return self.process.read_memory(self.address, self.length)

    def upload(self, source: Source) -> int:
        """Fills the mapping from its start; answers how many bytes."""
        return self.process.write_memory(self.address, source)

    def protect(self, prot: int, offset: int = 0, length: int | None = None) -> None:
        self.process.call(calls.mprotect(self.address + offset, self._rest(offset, length), prot))

    def advise(self, advice: int, offset: int = 0, length: int | None = None) -> None:
        self.process.call(calls.madvise(self.address + offset, self._rest(offset, length), advice))

    def unmap(self, offset: int = 0, length: int | None = None) -> None:
        """Takes a range out of the address space, or all of it."""
        rest = self._rest(offset, length)
        if offset == 0 and rest == self.length:
            self._mapped = False
        self.process.call(calls.munmap(self.address + offset, rest))

    def _rest(self, offset: int, length: int | None) -> int:
        return self.length - offset if length is None else length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._mapped and not self.process.has_exited:
            try:
                self.unmap()
            except (grpc.RpcError, ConnectionError) as error:
                unless_gone(error)
