"""How to reach a server: addresses, certificates, channel options."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import grpc


@dataclass(frozen=True)
class TlsOptions:
    """Certificates in PEM. Without an authority of its own, the client trusts those that gRPC trusts."""

    ca: bytes | None = None
    """The authority that signed the server's certificate."""
    cert: bytes | None = None
    """The client's own certificate, for a server that asks for one."""
    key: bytes | None = None
    server_name: str | None = None
    """The name that the server's certificate has, where it is not the address."""


@dataclass(frozen=True)
class Endpoint:
    """What a channel is made with."""

    address: str
    target: str
    credentials: grpc.ChannelCredentials | None
    options: list[tuple[str, Any]]
    metadata: tuple[tuple[str, str], ...]


def endpoint(
    address: str, token: str | None, tls: bool | TlsOptions | None, options: Sequence[tuple[str, Any]]
) -> Endpoint:
    """Reads `host:port`, `https://host:port` or `unix:/path`; a URL's scheme says whether to encrypt."""
    url = re.fullmatch(r"(https?)://([^/]+)/?", address)
    if tls is None:
        tls = url is not None and url[1] == "https"
    certificates = TlsOptions() if tls is True else tls or None
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    target = url[2] if url else address
    channel_options = list(options)
    if certificates is None:
        return Endpoint(address, target, None, channel_options, metadata)
    if name := certificates.server_name:
        channel_options += [("grpc.ssl_target_name_override", name), ("grpc.default_authority", name)]
    credentials = grpc.ssl_channel_credentials(certificates.ca, certificates.key, certificates.cert)
    return Endpoint(address, target, credentials, channel_options, metadata)
