# Generated from aio/ by tools/generate.py. DO NOT EDIT.
"""The emulated process that a client drives: its descriptors, its memory, its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import grpc

from .. import calls
from ..calls import Call
from ..errors import unless_gone
from ..gen.kvm.v1.inspect_service_pb2 import PageFlagsRequest, PageRun, TraceEntry, TraceRequest
from ..gen.kvm.v1.memory_service_pb2 import (
    AccessRequest,
    AccessResponse,
    LoadTagsRequest,
    LoadTagsResponse,
    Signal,
    StoreTagsRequest,
)
from ..gen.kvm.v1.syscall_service_pb2 import ExitRequest, ForkRequest, KillRequest, RenewRequest
from ..structs import Buffer
from ..uapi import O_CLOEXEC, O_RDWR
from .batch import Batch
from .bulk import Source, memory_copy, read_all, write_all
from .caller import Caller
from .descriptor import Eventfd, OpenFile
from .mapping import Mapping
from .transport import Transport

if TYPE_CHECKING:
    from typing_extensions import Self

    from .kvm import Kvm

T = TypeVar("T")
SMALL_BYTES = 256 << 10
"""What a list of calls carries at most of one read or write; beyond it a copy has a stream of its own."""
RLIMIT_NOFILE = 7


class Process:
    """An emulated process. Its calls are made in order. As a context manager it exits at the end."""

    def __init__(self, transport: Transport, handle: int, pid: int, kernel: str) -> None:
        self.handle = handle
        """What names it to the server. Whoever has it, and the token, can drive the process."""
        self.pid = pid
        """Its process id in the emulated host; 0 where it was attached by its handle alone."""
        self.kernel = kernel
        """The kernel it runs under."""
        self.caller = Caller(transport, handle)
        """What the objects of this process make their calls with."""
        self.has_exited = False
        self._services = transport.services
        self._metadata = transport.metadata

    def __repr__(self) -> str:
        return f"<Process {self.pid}, kernel {self.kernel}>"

    # Calls

    def call(self, call: Call[T]) -> T:
        """Makes a call of `tagvisor.calls`; raises KvmError where it fails."""
        return self.caller.call(call)

    def calls(self, calls: Iterable[Call[T]]) -> Iterator[T]:
        """Makes any number of calls, many in a message and several messages ahead, and yields what they answer.

        All of a message's calls are made even where one fails; its KvmError is raised when its turn comes.
        """
        return self.caller.each(calls)

    def batch(self) -> Batch:
        """A list of calls in the making, for one round trip."""
        return Batch(self.caller)

    # Descriptors

    def open(self, path: str, flags: int = O_RDWR | O_CLOEXEC) -> OpenFile:
        """Opens a file of the emulated host."""
        return OpenFile(self, self.call(calls.openat(path, flags)))

    def open_kvm(self) -> Kvm:
        """Opens /dev/kvm."""
        from .kvm import Kvm

        return Kvm(self, self.call(calls.openat("/dev/kvm", O_RDWR | O_CLOEXEC)))

    def memfd(self, name: str, size: int | None = None, flags: int = 0) -> OpenFile:
        """A file in memory, which several mappings can share."""
        file = OpenFile(self, self.call(calls.memfd_create(name, flags)))
        if size is not None:
            file.truncate(size)
        return file

    def eventfd(self, initval: int = 0, flags: int = 0) -> Eventfd:
        """A counter that wakes who reads it."""
        return Eventfd(self, self.call(calls.eventfd2(initval, flags)))

    def poll(self, fds: Sequence[tuple[int, int]]) -> list[int]:
        """The events that happened of each descriptor with the events asked for, without waiting."""
        return self.call(calls.poll(fds))

    def limit_descriptors(self, limit: int) -> None:
        """Descriptors made from now on are below `limit`."""
        self.call(calls.prlimit(RLIMIT_NOFILE, limit))

    # Memory

    def mmap(self, length: int, **arguments: Any) -> Mapping:
        """Maps memory; by default private memory of its own, to be read and written. Arguments: `calls.mmap`."""
        return Mapping(self, self.call(calls.mmap(length, **arguments)), length)

    def read(self, address: int, length: int) -> bytes:
        """Bytes of the process's memory."""
        data = b""
        if length <= SMALL_BYTES:
            data = self.call(calls.process_vm_readv(address, length))
            if len(data) == length:
                return data
        rest = self.read_memory(address + len(data), length - len(data))
        return b"".join([data, *list(rest)])

    def write(self, address: int, data: Buffer) -> None:
        """Writes all the bytes to the process's memory."""
        done = 0
        if len(data) <= SMALL_BYTES:
            done = self.call(calls.process_vm_writev(address, data))
        if done < len(data):
            self.write_memory(address + done, memoryview(data)[done:])

    def read_memory(self, address: int, length: int) -> Iterator[bytes]:
        """The process's memory as a stream of chunks."""
        return read_all(memory_copy(self.caller, False, address), length)

    def write_memory(self, address: int, source: Source) -> int:
        """Writes a stream of chunks to the process's memory; answers how many bytes."""
        return write_all(memory_copy(self.caller, True, address), source)

    def page_flags(self, address: int, length: int) -> Iterator[PageRun]:
        """How the pages of a range are backed, in runs of pages that are alike."""
        request = PageFlagsRequest(process=self.handle, address=address, length=length)
        for response in self._services.inspect.PageFlags(request, metadata=self._metadata):
            yield from response.runs

    def load_tags(self, address: int, length: int) -> LoadTagsResponse:
        """Tags of the process's own memory, as LDG reads them, or the signal that this would get."""
        request = LoadTagsRequest(process=self.handle, address=address, length=length)
        return self._services.memory.LoadTags(request, metadata=self._metadata)

    def store_tags(self, address: int, tags: Buffer) -> Signal.ValueType:
        """Writes tags of the process's own memory, as STG does; answers the signal that it would get."""
        request = StoreTagsRequest(process=self.handle, address=address, tags=bytes(tags))
        return (self._services.memory.StoreTags(request, metadata=self._metadata)).signal

    def access(self, address: int, width: int, store: int | None = None) -> AccessResponse:
        """One load by the process itself, or a store of `store`: the value, or the signal it would get."""
        request = AccessRequest(
            process=self.handle, address=address, width=width, write=store is not None, value=store or 0
        )
        return self._services.memory.Access(request, metadata=self._metadata)

    def prctl(self, option: int, arg: int = 0) -> int:
        """Tagged addresses and the process's own tag checks."""
        return self.call(calls.prctl(option, arg))

    # Life

    def fork(self, flags: int = 0) -> Process:
        """A child with a copy of memory and descriptors, or with CLONE_VM and CLONE_FILES the same ones."""
        request = ForkRequest(process=self.handle, flags=flags)
        response = self._services.syscalls.Fork(request, metadata=self._metadata)
        pid = self.caller.check("clone", ("clone", ()), response)
        return Process(self.caller.transport, response.child, pid, self.kernel)

    def kill(self) -> None:
        """Sends a signal: what sleeps in the process, or runs a guest for it, ends with EINTR."""
        response = self._services.syscalls.Kill(KillRequest(process=self.handle), metadata=self._metadata)
        self.caller.check("kill", ("kill", ()), response)

    def renew(self) -> int:
        """Keeps it alive for another lease, as every call and every open stream does too."""
        response = self._services.syscalls.Renew(RenewRequest(process=self.handle), metadata=self._metadata)
        return response.lease_seconds

    def trace(self, since: int = 0, *, follow: bool = False) -> Iterator[TraceEntry]:
        """Its calls as the kernel saw them, with the rule behind each refusal; with `follow` those to come, too."""
        request = TraceRequest(process=self.handle, since=since, follow=follow)
        stream = self._services.inspect.Trace(request, metadata=self._metadata)
        try:
            for response in stream:
                yield from response.entries
        finally:
            stream.cancel()

    def exit(self) -> None:
        """Ends the process: its memory goes, then its descriptors."""
        if not self.has_exited:
            self.detach()
            self._services.syscalls.Exit(ExitRequest(process=self.handle), metadata=self._metadata)

    def detach(self) -> None:
        """Leaves the process to its lease."""
        self.has_exited = True
        self.caller.pipeline.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.exit()
        except (grpc.RpcError, ConnectionError) as error:
            unless_gone(error)
