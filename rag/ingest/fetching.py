"""Fetching files from the web, so that an address given by anybody reaches nothing on this machine's own networks."""

import asyncio
import ipaddress
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin

import httpx

from rag.errors import FetchError
from rag.ingest.clock import Clock, SystemClock

AGENT = "PaperFinder/0.1 (self-hosted research library; imports on its operator's command)"
LARGEST = 512 * 1024 * 1024
"""Bytes of one file."""
LONGEST = 300.0
"""Seconds for one file, redirects among them; waiting before another try is apart."""
REDIRECTS = 5
TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 120.0
"""Seconds between two tries, each pause twice the one before, unless the server says how long it wants to be left alone."""
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
# Addresses of IPv6 that stand for one of IPv4, which is what has to be looked at.
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"The host {host} is not known.") from error
    return [str(address[0]) for *_, address in found]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet: none of this machine, of its networks, or of anything set aside."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in _TRANSLATED):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def shown(url: str) -> str:
    """The address as it may be told: without the question, which may have a key in it, and without a name and password."""
    scheme, _, rest = url.partition("://")
    place = rest.partition("?")[0].partition("#")[0]
    host, slash, path = place.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}" if rest else url.partition("?")[0]


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a request goes: the address that the host had when it was looked up, which is not asked for again."""

    url: httpx.URL
    host: str
    address: str

    def request(self, client: httpx.AsyncClient, headers: Mapping[str, str]) -> httpx.Request:
        """To the address, in the host's name."""
        port = "" if self.url.port is None else f":{self.url.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return client.build_request(
            "GET",
            self.url.copy_with(host=self.address),
            headers={**headers, "Host": f"{host}{port}"},
            extensions={"sni_hostname": self.host},
        )


class Fetcher:
    """Fetches over http and https; waits and tries again when a server asks for it."""

    def __init__(
        self,
        clock: Clock | None = None,
        resolve: Resolve = resolved,
        trusted: frozenset[str] = frozenset(),
        largest: int = LARGEST,
    ) -> None:
        """``trusted``: 'host:port' that may lie on this machine; for tests."""
        self._clock = clock or SystemClock()
        self._resolve = resolve
        self._trusted = trusted
        self._largest = largest
        # Without the environment's proxies: one would look the host up again, and reach what we may not.
        self._client = httpx.AsyncClient(timeout=httpx.Timeout(30, connect=10), trust_env=False, follow_redirects=False)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def fetch(self, url: str, target: Path, headers: Mapping[str, str] | None = None) -> None:
        """Write what is at ``url`` to ``target``, whole or not at all.

        Raises:
            FetchError: the address is none that may be reached, or nothing came from it after several tries.
        """
        part = target.with_name(f"{target.name}.part")
        pause = FIRST_PAUSE
        try:
            for attempt in range(1, TRIES + 1):
                wait = await self._attempt(url, part, headers or {}, last=attempt == TRIES)
                if wait is None:
                    os.replace(part, target)
                    return
                await self._clock.sleep(min(max(wait, pause), LONGEST_PAUSE))
                pause *= 2
        finally:
            part.unlink(missing_ok=True)

    async def _attempt(self, url: str, part: Path, headers: Mapping[str, str], *, last: bool) -> float | None:
        """Try once; None when it is done, else the seconds that the server wants to be left alone."""
        try:
            async with asyncio.timeout(LONGEST):
                return await self._follow(url, part, headers, last=last)
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            if last:
                raise FetchError(f"{shown(url)} cannot be fetched: {str(error) or type(error).__name__}.") from error
            return 0.0

    async def _follow(self, url: str, part: Path, headers: Mapping[str, str], *, last: bool) -> float | None:
        for _ in range(REDIRECTS + 1):
            target = await self._checked(url)
            request = target.request(self._client, {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers})
            response = await self._client.send(request, stream=True)
            try:
                if response.status_code in _MOVED:
                    url = urljoin(url, response.headers.get("location", ""))
                    continue
                if response.status_code in _TRY_AGAIN and not last:
                    return self._asked_to_wait(response.headers.get("retry-after", ""))
                if response.status_code != httpx.codes.OK:
                    raise FetchError(f"{shown(url)} answers {response.status_code}.")
                await self._write(url, response, part)
            finally:
                await response.aclose()
            return None
        raise FetchError(f"{shown(url)} redirects too often.")

    async def _checked(self, url: str) -> _Target:
        """Where the address leads. Raises FetchError when that is not the web."""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError(f"{shown(url)} is no address.") from error
        host = parsed.raw_host.decode("ascii")
        if parsed.scheme not in _PORTS or not host or parsed.userinfo:
            hint = "It has to begin with http:// or https://, without a name and password."
            raise FetchError(f"{shown(url)} is no address of the web.", hint=hint)
        port = parsed.port or _PORTS[parsed.scheme]
        addresses = await self._resolve(host, port)
        if not addresses:
            raise FetchError(f"The host {host} is not known.")
        if f"{host}:{port}" not in self._trusted and not all(map(is_public, addresses)):
            raise FetchError(f"{shown(url)} leads into a private network, and is not fetched.")
        return _Target(parsed, host, addresses[0])

    async def _write(self, url: str, response: httpx.Response, part: Path) -> None:
        """The bytes as they come: a reader unpacks gzip by itself, and nothing is unpacked here."""
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip", "x-gzip"):
            raise FetchError(f"{shown(url)} is packed in a way that nobody asked for.")
        size = 0
        with part.open("wb") as file:
            async for chunk in response.aiter_raw():
                size += len(chunk)
                if size > self._largest:
                    raise FetchError(f"{shown(url)} is larger than {self._largest // 2**20:,} MB.")
                file.write(chunk)

    def _asked_to_wait(self, said: str) -> float:
        """Seconds of a Retry-After header: a number, or a moment."""
        if said.strip().isdecimal():
            return float(said)
        try:
            return (parsedate_to_datetime(said) - self._clock.now()).total_seconds()
        except (ValueError, TypeError):
            return 0.0
