"""Memory and tags in bulk: streamed in chunks, so that neither side holds more of them than are on their way."""

from __future__ import annotations

from collections import deque
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,  # async only
)
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ..calls import Trace
from ..gen.kvm.v1.memory_service_pb2 import ReadMemoryRequest, ReadTagsRequest, WriteMemoryRequest, WriteTagsRequest
from ..structs import Buffer
from ..uapi import KVM_ARM_MTE_COPY_TAGS, Errno
from .caller import Caller

# async only
Source: TypeAlias = Buffer | Iterable[Buffer] | AsyncIterable[Buffer]
# end
# sync only: Source: TypeAlias = Buffer | Iterable[Buffer]
"""Where bytes to write come from."""

CHUNK_BYTES = 1 << 20
"""Bytes of a message's payload."""


@dataclass(frozen=True)
class Copy:
    """What is copied: memory of the process, or the tags of a VM's memory."""

    caller: Caller
    name: str
    trace: Trace
    start: int
    read: Callable[[int, int], Any]
    """Opens a stream of chunks from an address on; the second number is of bytes of memory."""
    write: Callable[[AsyncIterator[Any]], Any]
    """Opens a stream that answers messages."""
    message: Callable[[int, bytes, bool], Any]
    """A message with a chunk for an address; the first one says whose it is."""
    data: Callable[[Any], bytes]
    """The payload of a chunk."""
    scale: int = 1
    """Bytes of memory for one byte of payload."""


def memory_copy(caller: Caller, write: bool, address: int) -> Copy:
    """The process's memory from an address on."""
    stub, metadata, process = caller.transport.services.memory, caller.transport.metadata, caller.process
    name = "process_vm_writev" if write else "process_vm_readv"
    return Copy(
        caller,
        name,
        (name, ()),
        address,
        lambda at, length: stub.ReadMemory(
            ReadMemoryRequest(process=process, address=at, length=length), metadata=metadata
        ),
        lambda messages: stub.WriteMemory(messages, metadata=metadata),
        lambda at, data, first: WriteMemoryRequest(process=process if first else 0, address=at, data=data),
        lambda chunk: chunk.data,
    )


def tags_copy(caller: Caller, fd: int, guest_ipa: int) -> Copy:
    """The tags of a VM's memory from an address on: a byte for each granule of 16 bytes."""
    stub, metadata, process = caller.transport.services.memory, caller.transport.metadata, caller.process
    return Copy(
        caller,
        "KVM_ARM_MTE_COPY_TAGS",
        ("ioctl", (fd, KVM_ARM_MTE_COPY_TAGS)),
        guest_ipa,
        lambda at, length: stub.ReadTags(
            ReadTagsRequest(process=process, fd=fd, guest_ipa=at, length=length), metadata=metadata
        ),
        lambda messages: stub.WriteTags(messages, metadata=metadata),
        lambda at, tags, first: (
            WriteTagsRequest(process=process, fd=fd, guest_ipa=at, tags=tags)
            if first
            else WriteTagsRequest(guest_ipa=at, tags=tags)
        ),
        lambda chunk: chunk.tags,
        scale=16,
    )


async def read_all(copy: Copy, length: int) -> AsyncIterator[bytes]:
    """The range's chunks in ascending order. Where memory ends early it raises, once what could be read is out."""
    done = 0
    while done < length:
        before = done
        stream = copy.read(copy.start + done, length - done)
        try:
            async for chunk in stream:
                if chunk.error:
                    raise await copy.caller.explained(copy.name, copy.trace, chunk.error, done)
                done += chunk.ret
                data = copy.data(chunk)
                yield data if len(data) * copy.scale == chunk.ret else data[: chunk.ret // copy.scale]
        finally:
            stream.cancel()
        # A short chunk ends the stream without an error: the next one, from where it stopped, says why.
        if done == before:
            raise ConnectionError(f"the server ended the copy after {done} of {length} bytes, without a reason")


async def write_all(copy: Copy, source: Source) -> int:
    """Writes all that the source has; answers how many bytes of memory were done."""
    done = error = 0
    rest: Source | None = source
    while rest is not None and not error:
        step = _WriteStream(replace(copy, start=copy.start + done))
        await step.run(rest)
        # A chunk that is done in part ends the stream without an error: what is left of it says why.
        rest = step.rest
        error = step.error or (Errno.EFAULT if rest is not None and step.done == 0 else 0)
        done += step.done
    if error:
        raise await copy.caller.explained(copy.name, copy.trace, error, done)
    return done


class _WriteStream:
    """One stream of chunks to the server."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.done = 0
        self.error = 0
        self.rest: bytes | None = None
        """What was left of a chunk that was done in part."""
        self._unanswered: deque[bytes] = deque()

    async def run(self, source: Source) -> None:
        stream = self.copy.write(self._messages(source))
        try:
            async for answer in stream:
                chunk = self._unanswered.popleft()
                if answer.error:
                    self.error = answer.error
                    continue
                self.done += answer.ret
                written = answer.ret // self.copy.scale
                if written < len(chunk):
                    self.rest = chunk[written:]
        finally:
            stream.cancel()

    async def _messages(self, source: Source) -> AsyncIterator[Any]:
        at = self.copy.start
        async for chunk in _chunks(source):
            self._unanswered.append(chunk)
            yield self.copy.message(at, chunk, at == self.copy.start)
            at += len(chunk) * self.copy.scale


async def _chunks(source: Source) -> AsyncIterator[bytes]:
    """The source's bytes in chunks of one size, the last one excepted."""
    gathered = bytearray()
    async for piece in _pieces(source):
        view = memoryview(piece).cast("B")
        if gathered:
            taken = CHUNK_BYTES - len(gathered)
            gathered += view[:taken]
            view = view[taken:]
            if len(gathered) == CHUNK_BYTES:
                yield bytes(gathered)
                gathered.clear()
        while len(view) >= CHUNK_BYTES:
            yield bytes(view[:CHUNK_BYTES])
            view = view[CHUNK_BYTES:]
        gathered += view
    if gathered:
        yield bytes(gathered)


async def _pieces(source: Source) -> AsyncIterator[Buffer]:
    if isinstance(source, bytes | bytearray | memoryview):
        yield source
        return
    # async only
    if isinstance(source, AsyncIterable):
        async for piece in source:
            yield piece
        return
    # end
    for piece in source:
        yield piece
