"""The examples against a running server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
TAGS = "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"
# The examples of all the clients print this.
TRANSCRIPT = f"""\
tagvisor move_tags
kernel 6.12
KVM_CAP_ARM_MTE 205 = 1
source: KVM_ARM_MTE_COPY_TAGS to the guest = 4096
source: tags {TAGS}
target: KVM_ARM_MTE_COPY_TAGS to the guest = 4096
target: tags {TAGS}
memory 4096 bytes the same
tags 256 the same
reserved word: EINVAL kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero
done
"""


def run(name: str, address: str) -> str:
    command = [sys.executable, str(EXAMPLES / name), address]
    environment = {**os.environ, "TAGVISOR_ADDRESS": address}
    return subprocess.run(command, env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout


def test_move_tags(address: str) -> None:
    assert run("move_tags.py", address) == TRANSCRIPT


def test_notebook(address: str) -> None:
    pictures = [line.split()[1] for line in run("notebook.py", address).splitlines() if line.startswith("0x40000000  ")]
    assert pictures == ["33333.777777777.cccccccccccc".ljust(64, "."), "." * 64]


def test_reflection(address: str) -> None:
    text = run("reflection.py", address)
    assert "kvm.v1.MemoryService 7 methods" in text
    assert '"kernel": "6.12"' in text
