"""Registers by their ids: how long a value is, what a person calls it."""

from __future__ import annotations

from .uapi import (
    CORE_REGS,
    KVM_REG_ARM_TIMER_CNT,
    KVM_REG_ARM_TIMER_CVAL,
    KVM_REG_SIZE_MASK,
    KVM_REG_SIZE_SHIFT,
    SYS_REGS,
)

_NAMES = {id: name for registers in (CORE_REGS, SYS_REGS) for name, id in registers.items()}
# The virtual timer's two registers have each other's encodings in KVM's ABI.
_NAMES |= {KVM_REG_ARM_TIMER_CNT: "CNTVCT_EL0", KVM_REG_ARM_TIMER_CVAL: "CNTV_CVAL_EL0"}


def register_size(id: int) -> int:
    """Bytes of a register's value."""
    return 1 << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT)


def register_name(id: int) -> str:
    """`x0`, `TFSR_EL1`, or the id in hexadecimal where it has no name here."""
    return _NAMES.get(id, f"{id:#018x}")
