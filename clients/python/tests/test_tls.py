"""A server that encrypts and asks for a token: what is seen with it, and without."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import grpc
import pytest

from tagvisor import TlsOptions, aio, connect

ADDRESS = os.environ.get("TAGVISOR_TLS_ADDRESS", "")
TOKEN = os.environ.get("TAGVISOR_TOKEN")

pytestmark = pytest.mark.skipif(not ADDRESS, reason="TAGVISOR_TLS_ADDRESS names no server")


@pytest.fixture
def tls() -> TlsOptions:
    return TlsOptions(ca=Path(os.environ["TAGVISOR_TLS_CA"]).read_bytes())


def test_a_token_opens_what_is_closed_without(tls: TlsOptions) -> None:
    with connect(ADDRESS, token=TOKEN, tls=tls) as host, host.spawn("6.12") as process:
        assert process.open_kvm().get_api_version() == 12
        assert process.handle in [known.process for known in host.processes()]
    with connect(ADDRESS, tls=tls) as nobody, pytest.raises(grpc.RpcError) as caught:
        nobody.spawn()
    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED


def test_a_token_opens_it_in_asyncio(tls: TlsOptions) -> None:
    async def run() -> None:
        async with await aio.connect(ADDRESS, token=TOKEN, tls=tls) as host, await host.spawn("6.12") as process:
            assert await (await process.open_kvm()).get_api_version() == 12
            assert process.handle in [known.process for known in await host.processes()]
        async with await aio.connect(ADDRESS, tls=tls) as nobody:
            with pytest.raises(grpc.RpcError) as caught:
                await nobody.spawn()
            assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED

    asyncio.run(run())


def test_an_authority_that_nobody_knows_vouches_for_nothing() -> None:
    with pytest.raises(ConnectionError):
        connect(f"https://{ADDRESS}", token=TOKEN, timeout=0.5)
