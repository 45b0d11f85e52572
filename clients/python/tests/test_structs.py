"""Structs, registers, errors and pictures: what needs no server."""

from __future__ import annotations

import pickle

import pytest

from tagvisor import Errno, KvmError, calls, register_name, register_size, tag_picture, uapi
from tagvisor._address import TlsOptions, endpoint
from tagvisor.calls import MAX_BYTES, MAX_CALLS, grouped
from tagvisor.gen.kvm.v1.syscall_service_pb2 import Link


def test_a_struct_is_laid_out_as_in_c() -> None:
    region = uapi.kvm_userspace_memory_region(slot=1, flags=2, guest_phys_addr=3, memory_size=4, userspace_addr=5)
    assert bytes(region).hex() == "0100000002000000030000000000000004000000000000000500000000000000"
    assert uapi.kvm_userspace_memory_region(bytes(region)) == region
    assert dict(region)["memory_size"] == 4
    assert repr(uapi.kvm_mp_state(mp_state=0x10)) == "kvm_mp_state(mp_state=0x10)"


def test_the_extremes_of_a_member_fit_and_no_more() -> None:
    copy = uapi.kvm_arm_copy_mte_tags(guest_ipa=2**64 - 1, length=-1, reserved=[0, 2**64 - 1])
    assert (copy.guest_ipa, copy.length, copy.reserved) == (2**64 - 1, 2**64 - 1, (0, 2**64 - 1))
    assert uapi.kvm_create_guest_memfd.SIZE == 64
    with pytest.raises(OverflowError):
        copy.guest_ipa = 2**64
    with pytest.raises(ValueError, match="3 values for 2"):
        copy.reserved = (1, 2, 3)
    with pytest.raises(TypeError, match="no member"):
        uapi.kvm_mp_state(state=1)  # type: ignore[call-arg]


def test_a_nested_struct_is_set_in_place() -> None:
    events = uapi.kvm_vcpu_events()
    events.exception.serror_pending = 1
    assert bytes(events)[0] == 1
    assert len(bytes(events)) == uapi.kvm_vcpu_events.SIZE == 64


def test_request_numbers() -> None:
    assert uapi.KVM_ARM_MTE_COPY_TAGS == 0x8030AEB4
    assert uapi.KVM_CREATE_VM == 0xAE01
    row = uapi.IOCTLS["KVM_ARM_MTE_COPY_TAGS"]
    assert (row.request, row.struct) == (uapi.KVM_ARM_MTE_COPY_TAGS, uapi.kvm_arm_copy_mte_tags)
    # Two requests have one number.
    assert calls.ioctl_name(uapi.KVM_SET_USER_MEMORY_REGION) == "KVM_SET_USER_MEMORY_REGION"
    assert calls.ioctl_name(0x1234) == "ioctl 0x1234"


def test_registers() -> None:
    assert register_name(uapi.CORE_REGS["x0"]) == "x0"
    assert [register_size(uapi.CORE_REGS[name]) for name in ("x0", "v0", "fpcr")] == [8, 16, 4]
    assert register_name(0x42) == "0x0000000000000042"


def test_an_error_says_what_refused_and_survives_pickling() -> None:
    error = KvmError("KVM_RUN", Errno.EINVAL, "a rule", 4096)
    copy = pickle.loads(pickle.dumps(error))
    for each in (error, copy):
        assert (each.errno, each.code, each.call, each.rule, each.completed) == (
            22,
            "EINVAL",
            "KVM_RUN",
            "a rule",
            4096,
        )
        assert str(each) == "KVM_RUN: EINVAL (a rule)"
    assert KvmError("mmap", 9999).code == "errno 9999"
    assert isinstance(error, OSError)


def test_messages_are_cut_by_calls_and_by_bytes() -> None:
    small = [calls.close(0)] * (2 * MAX_CALLS + 1)
    assert [len(group) for group in grouped(small)] == [MAX_CALLS, MAX_CALLS, 1]
    large = [calls.process_vm_readv(0, MAX_BYTES // 2)] * 3
    assert [len(group) for group in grouped(large)] == [2, 1]
    assert list(grouped([])) == []


def test_a_call_bears_the_name_of_its_trace() -> None:
    assert (calls.pread(3, 1, 0).name, calls.pread(3, 1, 0).trace) == ("pread64", ("pread64", (3,)))
    call = calls.ioctl(4, uapi.KVM_ARM_MTE_COPY_TAGS, uapi.kvm_arm_copy_mte_tags())
    assert (call.name, call.trace) == ("KVM_ARM_MTE_COPY_TAGS", ("ioctl", (4, uapi.KVM_ARM_MTE_COPY_TAGS)))
    with pytest.raises(TypeError):
        calls.ioctl(4, uapi.KVM_CREATE_VCPU, 0, id=calls.Ref(Link()))


def test_a_picture_leaves_repeated_rows_out() -> None:
    tags = bytes(range(16)) + bytes(48) + bytes(64 * 3)
    lines = tag_picture(tags, 0x4000_0000).splitlines()
    assert lines == ["0x40000000  .123456789abcdef" + "." * 48, "0x40000400  " + "." * 64, "*", "0x40001000"]
    assert tag_picture(b"") == ""


def test_addresses() -> None:
    plain = endpoint("127.0.0.1:1", "secret", None, [])
    assert (plain.target, plain.credentials) == ("127.0.0.1:1", None)
    assert plain.metadata == (("authorization", "Bearer secret"),)
    assert endpoint("http://host:1", None, None, []).credentials is None
    secure = endpoint("https://host:1", None, None, [])
    assert secure.target == "host:1"
    assert secure.credentials is not None
    named = endpoint("127.0.0.1:1", None, TlsOptions(server_name="name"), [])
    assert ("grpc.default_authority", "name") in named.options
