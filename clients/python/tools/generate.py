"""Generates gen/ from the protos and sync/ from aio/; with --check only says what is stale.

It needs the package's extra `generate`, in the versions of pyproject.toml. --sync does sync/ alone.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT.parent.parent / "proto"
PACKAGE = ROOT / "src" / "tagvisor"

HEADER = "# Generated from aio/ by tools/generate.py. DO NOT EDIT.\n"
GENERATED_SYNC = (
    "__init__", "batch", "bulk", "caller", "connection", "descriptor", "kvm", "mapping", "process", "rules",
)  # fmt: skip

SYNC = [
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\bAsync(Iterator|Iterable|Generator)\b", r"\1"),
    (r"\basyncio\.Lock\b", "threading.Lock"),
    (r"^import asyncio$", "import threading"),
    (r"\b(\w+Service)AsyncStub\b", r"\1Stub"),
    (r"\baio\.", ""),
    (r"``tagvisor\.aio``", "``tagvisor``"),
    (r"\bin asyncio\b", "in threads"),
]
"""What turns asynchronous code into synchronous code, line by line."""

TIDY = [["check", "--quiet", "--select=I,UP028,C416", "--fix", "--unsafe-fixes"], ["format", "--quiet"]]
"""What ruff is to do with the result, which has shorter lines, other names and needless comprehensions."""


def sync_text(name: str, text: str) -> str:
    """The synchronous form of a module of aio/. Lines between `# async only` and `# end` are left out."""
    text = re.sub(r"^ *# async only\n.*?^ *# end\n", "", text, flags=re.M | re.S)
    text = re.sub(r"^.*  # async only\n", "", text, flags=re.M)
    text = re.sub(r"^( *)# sync only: ", r"\1", text, flags=re.M)
    for pattern, replacement in SYNC:
        text = re.sub(pattern, replacement, text, flags=re.M)
    for command in TIDY:
        arguments = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(PACKAGE / "sync" / name), "-"]
        text = subprocess.run(arguments, input=text, check=True, text=True, stdout=subprocess.PIPE, cwd=ROOT).stdout
    return HEADER + text


def generate_sync() -> dict[Path, str]:
    """The modules of sync/ that differ from aio/ in nothing but `await`."""
    names = [f"{name}.py" for name in GENERATED_SYNC]
    return {PACKAGE / "sync" / name: sync_text(name, (PACKAGE / "aio" / name).read_text()) for name in names}


def wanted_versions() -> dict[str, str]:
    """The generators' versions that pyproject.toml names."""
    found = re.search(r"^generate = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), flags=re.M)
    assert found
    return dict(re.findall(r'"([\w-]+)==([\d.]+)"', found[1]))


def missing_generators() -> list[str]:
    """What of the generators is not installed, or in another version."""
    missing = []
    for name, version in wanted_versions().items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            installed = "none"
        if installed != version:
            missing.append(f"{name}=={version} (installed: {installed})")
    return missing


def generate_gen() -> dict[Path, str]:
    """Messages and stubs. Their imports are made to find them inside this package."""
    protos = sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("kvm/v1/*.proto"))
    files: dict[Path, str] = {PACKAGE / "gen" / folder / "__init__.py": "" for folder in ("", "kvm", "kvm/v1")}
    with tempfile.TemporaryDirectory() as out:
        plugins = ["--python_out", "--grpc_python_out", "--mypy_out=quiet:", "--mypy_grpc_out=quiet:"]
        outputs = [plugin + out if plugin.endswith(":") else f"{plugin}={out}" for plugin in plugins]
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", *outputs, *protos]
        path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
        subprocess.run(command, check=True, env={**os.environ, "PATH": path})
        for file in sorted(Path(out).rglob("*.py*")):
            name = file.relative_to(out)
            if re.match(r"(errno|kvm)_pb2_grpc", name.name):
                continue
            text = file.read_text()
            text = re.sub(r"^from kvm\.v1 import", "from tagvisor.gen.kvm.v1 import", text, flags=re.M)
            files[PACKAGE / "gen" / name] = text
    return files


def main() -> int:
    check = "--check" in sys.argv
    if missing := missing_generators():
        print(f"generate.sh: missing {', '.join(missing)}: pip install 'clients/python[generate]'", file=sys.stderr)
        return 77
    files = generate_sync()
    if "--sync" not in sys.argv:
        files |= generate_gen()
    if check:
        stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
        for path in stale:
            print(f"clients/python/{path.relative_to(ROOT)} is stale; run clients/python/generate.sh", file=sys.stderr)
        return 1 if stale else 0
    if "--sync" not in sys.argv:
        shutil.rmtree(PACKAGE / "gen", ignore_errors=True)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
