# Generated from aio/ by tools/generate.py. DO NOT EDIT.
"""Lists of calls that use each other's answers: one round trip sets up a whole machine."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from .. import calls
from ..calls import Address, Argument, Call, Fd, Ref
from ..errors import ECANCELED, KvmError
from ..gen.kvm.v1.syscall_service_pb2 import Link, SyscallResult
from ..structs import Buffer
from ..uapi import O_CLOEXEC, O_RDWR
from .caller import Caller

T = TypeVar("T")


class Pending(Ref, Generic[T]):
    """The answer of a call of a batch: a reference for later calls, and a value once the batch is submitted."""

    def __init__(self, call: Call[T], index: int) -> None:
        super().__init__(Link(call=index))
        self.call = call
        self.result: SyscallResult | None = None
        self.error: KvmError | None = None

    @property
    def value(self) -> T:
        """The answer; raises the call's error where it failed."""
        if self.error is not None:
            raise self.error
        if self.result is None:
            raise RuntimeError(f"{self.call.name}: the batch was not submitted yet")
        return self.call.answer(self.result)

    def member(self, name: str) -> Ref:
        """A member of the struct that the call will answer."""
        member = calls.member_of(self.call.argument, name)
        return Ref(Link(call=self.link.call, width=member.size, offset=member.offset))


class Batch:
    """A list of calls in the making.

    Each method enters a call and answers what stands for its result: as descriptor, address or struct member of a
    later call. Nothing travels before `submit`.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._entries: list[Pending[Any]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, call: Call[T]) -> Pending[T]:
        """Enters any call of `tagvisor.calls`."""
        pending = Pending(call, len(self._entries))
        self._entries.append(pending)
        return pending

    def openat(self, path: str, flags: int = O_RDWR | O_CLOEXEC) -> Pending[int]:
        return self.add(calls.openat(path, flags))

    def close(self, fd: Fd) -> Pending[int]:
        return self.add(calls.close(fd))

    def ioctl(self, fd: Fd, request: int, arg: Argument = 0, **links: Ref) -> Pending[int]:
        """A request; members of its struct that earlier calls answer are given by name."""
        return self.add(calls.ioctl(fd, request, arg, **links))

    def mmap(self, length: int, **arguments: Any) -> Pending[int]:
        """Maps memory; the arguments are those of `calls.mmap`."""
        return self.add(calls.mmap(length, **arguments))

    def munmap(self, at: Address, length: int) -> Pending[int]:
        return self.add(calls.munmap(at, length))

    def memfd_create(self, name: str, flags: int = 0) -> Pending[int]:
        return self.add(calls.memfd_create(name, flags))

    def ftruncate(self, fd: Fd, length: int) -> Pending[int]:
        return self.add(calls.ftruncate(fd, length))

    def eventfd(self, initval: int = 0, flags: int = 0) -> Pending[int]:
        return self.add(calls.eventfd2(initval, flags))

    def read_memory(self, at: Address, length: int) -> Pending[bytes]:
        return self.add(calls.process_vm_readv(at, length))

    def write_memory(self, at: Address, data: Buffer) -> Pending[int]:
        return self.add(calls.process_vm_writev(at, data))

    def submit(self, *, keep_going: bool = False) -> None:
        """Makes the calls in one message.

        At the first that fails it stops and raises that call's error; with `keep_going` it makes them all, and each
        failure waits in the call's own `error`.
        """
        results = self._caller.pipeline.send([entry.call for entry in self._entries], not keep_going).wait()
        for entry, result in zip(self._entries, results, strict=True):
            entry.result = result
            entry.call.take(result)
            if result.error == ECANCELED:
                entry.error = KvmError(entry.call.name, ECANCELED)
            elif result.error:
                entry.error = self._caller.failure(entry.call, result)
        failed = next((entry.error for entry in self._entries if entry.error), None)
        if failed and not keep_going:
            raise failed
