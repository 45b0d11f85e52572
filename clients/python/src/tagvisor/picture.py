"""Tags as text, to look at."""

from __future__ import annotations

from .structs import Buffer

GRANULE = 16


def tag_picture(tags: Buffer, address: int = 0, width: int = 64) -> str:
    """A digit for each granule of 16 bytes, a point where its tag is 0; rows that repeat the one above are left out.

    ::

        0x40000000  0123456789abcdef................
        *
        0x40000400
    """
    lines: list[str] = []
    before = b""
    for start in range(0, len(tags), width):
        row = bytes(tags[start : start + width])
        if row != before:
            digits = "".join(f"{tag & 15:x}" if tag else "." for tag in row)
            lines.append(f"{address + start * GRANULE:#x}  {digits}")
        elif lines[-1] != "*":
            lines.append("*")
        before = row
    if lines and lines[-1] == "*":
        lines.append(f"{address + len(tags) * GRANULE:#x}")
    return "\n".join(lines)
