# Generated from aio/ by tools/generate.py. DO NOT EDIT.
"""Open descriptors of the process: what all kinds have in common, and those that are no KVM object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc

from .. import calls
from ..calls import Argument
from ..errors import unless_gone
from ..gen.kvm.v1.syscall_service_pb2 import ReadRequest
from ..structs import Buffer, from_bytes, to_bytes
from ..uapi import KVM_GET_DEVICE_ATTR, KVM_HAS_DEVICE_ATTR, KVM_SET_DEVICE_ATTR, kvm_device_attr
from .mapping import Mapping

if TYPE_CHECKING:
    from typing_extensions import Self

    from .process import Process


class Descriptor:
    """An open descriptor. It stays open until `close`, to the end of its `with`, or to the end of its process."""

    def __init__(self, process: Process, fd: int) -> None:
        self.process = process
        self.fd = fd
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.fd}>"

    def ioctl(self, request: int, arg: Argument = 0) -> int:
        """Any request; answers its result. A struct is afterwards as the kernel left it."""
        return self.process.call(calls.ioctl(self.fd, request, arg))

    def mmap(self, length: int, **arguments: Any) -> Mapping:
        """Maps what the descriptor stands for; by default shared, to be read and written."""
        return Mapping(self.process, self.process.call(calls.mmap(length, fd=self.fd, **arguments)), length)

    def dup(self) -> int:
        """Another descriptor for the same open file; answers its number."""
        return self.process.call(calls.dup(self.fd))

    def fcntl(self, command: int, arg: int = 0) -> int:
        return self.process.call(calls.fcntl(self.fd, command, arg))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.process.call(calls.close(self.fd))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.process.has_exited:
            try:
                self.close()
            except (grpc.RpcError, ConnectionError) as error:
                unless_gone(error)


class AttributedDescriptor(Descriptor):
    """A VM, a vCPU or a device: it has attributes in groups."""

    def set_device_attr(self, group: int, attr: int, value: int | Buffer | None = None) -> None:
        """Sets an attribute to a number, to a struct's bytes, or without a value."""
        call = calls.ioctl(self.fd, KVM_SET_DEVICE_ATTR, kvm_device_attr(group=group, attr=attr))
        if value is None:
            self.process.call(call)
            return
        data = to_bytes(value, 8) if isinstance(value, int) else bytes(value)
        self.process.caller.with_buffer(call, len(data), data)

    def get_device_attr(self, group: int, attr: int, before: int = 0) -> int:
        """Reads an attribute; `before` stands at its place for those that look at it."""
        call = calls.ioctl(self.fd, KVM_GET_DEVICE_ATTR, kvm_device_attr(group=group, attr=attr))
        return from_bytes(self.process.caller.with_buffer(call, 8, to_bytes(before, 8)))

    def has_device_attr(self, group: int, attr: int) -> bool:
        """Whether there is such an attribute."""
        call = calls.ioctl(self.fd, KVM_HAS_DEVICE_ATTR, kvm_device_attr(group=group, attr=attr))
        return (self.process.caller.results(call))[0].error == 0


class OpenFile(Descriptor):
    """An open file that is read and written: a memfd, the statistics of a VM."""

    def read(self, count: int) -> bytes:
        return self.process.call(calls.read(self.fd, count))

    def write(self, data: Buffer) -> int:
        return self.process.call(calls.write(self.fd, data))

    def pread(self, count: int, position: int) -> bytes:
        """Reads at a position, which the file's own does not follow."""
        return self.process.call(calls.pread(self.fd, count, position))

    def pwrite(self, data: Buffer, position: int) -> int:
        """Writes at a position, which the file's own does not follow."""
        return self.process.call(calls.pwrite(self.fd, data, position))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.process.call(calls.lseek(self.fd, offset, whence))

    def truncate(self, length: int) -> None:
        self.process.call(calls.ftruncate(self.fd, length))


class Eventfd(Descriptor):
    """A counter that can be given to KVM."""

    def read(self, *, timeout: float | None = None) -> int:
        """Takes the counter's value, and waits while it is 0. `Process.kill` ends the waiting with EINTR."""
        # It may sleep, so it must not stand in the way of other calls.
        caller = self.process.caller
        request = ReadRequest(process=caller.process, fd=self.fd, count=8)
        read = caller.transport.services.syscalls.Read
        response = read(request, timeout=timeout, metadata=caller.transport.metadata)
        caller.check("read", ("read", (self.fd,)), response)
        return from_bytes(response.data)

    def write(self, value: int) -> None:
        """Adds to the counter."""
        self.process.call(calls.write(self.fd, to_bytes(value, 8)))
