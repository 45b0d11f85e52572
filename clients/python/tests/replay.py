"""Replays the shared vectors over the generated stubs, as clients/VECTORS.md describes it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from stubs import Stubs, status_of
from tagvisor.gen.kvm.v1 import kvm_pb2, kvm_service_pb2, memory_service_pb2, syscall_service_pb2
from tagvisor.gen.kvm.v1.errno_pb2 import Errno

Step = dict[str, Any]
CHUNK_BYTES = 1 << 20
UNSIGNED = {
    FieldDescriptor.TYPE_FIXED64: 64,
    FieldDescriptor.TYPE_UINT64: 64,
    FieldDescriptor.TYPE_FIXED32: 32,
    FieldDescriptor.TYPE_UINT32: 32,
}


def free_port() -> int:
    """A port of the loopback at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Replay:
    """One case under way: its process and its variables."""

    def __init__(self, connect: Callable[[str], Stubs], stubs: Stubs, kernel: str, gone: str | None) -> None:
        self.connect = connect
        self.stubs = stubs
        self.gone = gone
        self.process = self.start(stubs, kernel)
        self.variables: dict[str, int] = {}

    @staticmethod
    def start(stubs: Stubs, kernel: str) -> int:
        handle: int = stubs.unary("SyscallService/Spawn", syscall_service_pb2.SpawnRequest(kernel=kernel)).process
        return handle

    def exit(self) -> None:
        try:
            self.stubs.unary("SyscallService/Exit", syscall_service_pb2.ExitRequest(process=self.process))
        except Exception as error:
            status_of(error)

    # Values

    def number(self, text: str = "0") -> int:
        if not text.startswith("$"):
            return int(text, 0)
        name, _, addend = text[1:].partition("+")
        return self.variables[name] + int(addend or "0", 0)

    def octets(self, text: str = "") -> bytes:
        return b"".join(map(self._part, text.split("+")))

    def _part(self, part: str) -> bytes:
        if part.startswith("$"):
            name, _, width = part[1:].partition(":")
            return (self.variables[name] & (1 << 64) - 1).to_bytes(8, "little")[: int(width)]
        digits, _, count = part.partition("*")
        return bytes.fromhex(digits) * int(count or "1")

    def fill(self, message: Message, given: Step) -> None:
        """Sets the fields of a message that the step or the call gives."""
        for field in message.DESCRIPTOR.fields:
            text = given.get(field.name)
            if text is None or field.type == FieldDescriptor.TYPE_MESSAGE:
                continue
            if isinstance(text, list):
                getattr(message, field.name).extend(self._value(field, item) for item in text)
            else:
                setattr(message, field.name, self._value(field, text))

    def _value(self, field: Any, text: str) -> str | bytes | int:
        if field.type == FieldDescriptor.TYPE_STRING:
            return text
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.octets(text)
        number = self.number(text)
        return number & ((1 << UNSIGNED[field.type]) - 1) if field.type in UNSIGNED else number

    # Lists

    def syscall(self, call: Step) -> syscall_service_pb2.Syscall:
        message = syscall_service_pb2.Syscall()
        request = getattr(message, call["call"])
        request.SetInParent()
        self.fill(request, call)
        if call["call"] == "write" and "data" not in call:
            self.fill(request.buffer, call)
        for name in ("fd_from", "address_from"):
            if name in call:
                getattr(message, name).SetInParent()
                self.fill(getattr(message, name), call[name])
        for patch in call.get("patches", []):
            added = message.patches.add()
            self.fill(added, patch)
            self.fill(added.value, patch["value"])
        return message

    def results(self, step: Step, stubs: Stubs | None = None, process: int = 0, **options: Any) -> list[Any]:
        request = syscall_service_pb2.SyscallsRequest(
            process=process or self.process,
            calls=[self.syscall(call) for call in step["calls"]],
            stop_at_error=step.get("stop_at_error", False),
        )
        [response] = (stubs or self.stubs).stream("SyscallService/Syscalls", [request], **options)
        return list(response.results)

    def differences(self, step: Step, results: Sequence[Any]) -> Iterator[str]:
        calls = step["calls"]
        if len(results) != len(calls):
            yield f"{len(results)} results of {len(calls)} calls"
            return
        for i, (call, result) in enumerate(zip(calls, results, strict=True)):
            expect = dict(call.get("expect", {}))
            if "save" in expect:
                self.variables[expect["save"]] = result.ret
            if "error" in expect:
                expect.setdefault("ret", "-1")
            answer = {"ret": result.ret, "error": result.error, "data": result.data}
            yield from self.compare(f"{i}: {call.get('note', call['call'])}", expect, answer)

    def compare(self, what: str, expect: Step, answer: dict[str, Any]) -> Iterator[str]:
        """Where an answer differs from what a step or a call expects of it."""
        reason = Errno.Value(f"ERRNO_{expect.get('error', 'UNSPECIFIED')}")
        for name, value in answer.items():
            if name == "error":
                if value != reason:
                    yield f"{what}: error {value}, expected {expect.get('error')} {reason}"
            elif name in expect:
                wanted = self.octets(expect[name]) if isinstance(value, bytes) else self.number(expect[name])
                if value != wanted:
                    yield f"{what}: {name} {value!r:.160}, expected {expect[name]}"

    # Steps

    def step(self, step: Step) -> list[str]:
        """Makes a step; answers where it went another way than expected."""
        try:
            answer = getattr(self, f"_{step['op']}")(step)
        except (KeyError, AssertionError):
            raise
        except BaseException as error:
            status = status_of(error)
        else:
            status = "OK"
        expected = step.get("status", "OK")
        if status != expected:
            return [f"{step['op']}: {status}, expected {expected}"]
        if status != "OK" or answer is None:
            return []
        if isinstance(answer, list):
            return list(self.differences(step, answer))
        return list(self.compare(step["op"], step, answer))

    def _syscalls(self, step: Step) -> list[Any]:
        return self.results(step)

    def _cancel(self, step: Step) -> None:
        self.results(step, cancel_after=int(step["after_ms"]) / 1000, stay=True)

    def _deadline(self, step: Step) -> None:
        self.results(step, timeout=int(step["after_ms"]) / 1000, stay=True)

    def _unreachable(self, step: Step) -> None:
        with closing(self.connect(f"127.0.0.1:{free_port()}")) as nowhere:
            self.start(nowhere, "")

    def _server_gone(self, step: Step) -> None:
        assert self.gone
        with closing(self.connect(self.gone)) as elsewhere:
            calls = [{"call": "eventfd2"}, {"call": "read", "count": "8", "fd_from": {"call": "0"}}]
            self.results({"calls": calls}, elsewhere, self.start(elsewhere, ""), stay=True)

    def _spawn(self, step: Step) -> None:
        self.start(self.stubs, step.get("kernel", ""))

    def _renew(self, step: Step) -> None:
        self.stubs.unary("SyscallService/Renew", syscall_service_pb2.RenewRequest(process=self.process))

    def _exit(self, step: Step) -> None:
        self.stubs.unary("SyscallService/Exit", syscall_service_pb2.ExitRequest(process=self.process))

    def _write_memory(self, step: Step) -> dict[str, Any]:
        return self._write("WriteMemory", memory_service_pb2.WriteMemoryRequest, "address", "data", 1, step)

    def _write_tags(self, step: Step) -> dict[str, Any]:
        return self._write("WriteTags", memory_service_pb2.WriteTagsRequest, "guest_ipa", "tags", 16, step)

    def _write(self, method: str, request: Any, at: str, data: str, scale: int, step: Step) -> dict[str, Any]:
        payload = self.octets(step.get("data", ""))
        messages = []
        for start in range(0, max(len(payload), 1), CHUNK_BYTES):
            message = request(process=self.process)
            self.fill(message, {name: step[name] for name in ("fd", at) if name in step})
            setattr(message, at, getattr(message, at) + start * scale)
            setattr(message, data, payload[start : start + CHUNK_BYTES])
            messages.append(message)
        answers = self.stubs.stream(f"MemoryService/{method}", messages)
        if not answers:
            return {"bytes_done": 0, "error": 0}
        return {"bytes_done": answers[-1].bytes_done, "error": answers[-1].error}

    def _read_memory(self, step: Step) -> dict[str, Any]:
        return self._read("ReadMemory", memory_service_pb2.ReadMemoryRequest(process=self.process), "data", step)

    def _read_tags(self, step: Step) -> dict[str, Any]:
        return self._read("ReadTags", memory_service_pb2.ReadTagsRequest(process=self.process), "tags", step)

    def _read(self, method: str, request: Message, data: str, step: Step) -> dict[str, Any]:
        self.fill(request, step)
        chunks = self.stubs.stream(f"MemoryService/{method}", [request])
        error = chunks[-1].error if chunks else 0
        return {"data": b"".join(getattr(chunk, data) for chunk in chunks), "error": error}

    def _check_extension(self, step: Step) -> dict[str, Any]:
        request = kvm_service_pb2.CheckExtensionRequest(process=self.process)
        self.fill(request, step)
        return self._typed("CheckExtension", request)

    def _arm_mte_copy_tags(self, step: Step) -> dict[str, Any]:
        arg = kvm_pb2.KvmArmCopyMteTags()
        self.fill(arg, step)
        fd = self.number(step["fd"])
        request = kvm_service_pb2.ArmMteCopyTagsRequest(process=self.process, fd=fd, arg=arg)
        return self._typed("ArmMteCopyTags", request)

    def _set_one_reg(self, step: Step) -> dict[str, Any]:
        request = kvm_service_pb2.SetOneRegRequest(process=self.process)
        self.fill(request, step)
        self.fill(request.arg, step)
        return self._typed("SetOneReg", request)

    def _get_one_reg(self, step: Step) -> dict[str, Any]:
        request = kvm_service_pb2.GetOneRegRequest(process=self.process)
        self.fill(request, step)
        self.fill(request.arg, step)
        response = self.stubs.unary("KvmService/GetOneReg", request)
        value = response.WhichOneof("value")
        return {"error": response.error, **({value: getattr(response, value)} if value else {})}

    def _typed(self, method: str, request: Message) -> dict[str, Any]:
        response = self.stubs.unary(f"KvmService/{method}", request)
        return {"ret": response.ret, "error": response.error}
