"""An HTTP proxy that knows one host: CONNECT to the real service's name leads to the local one."""

import asyncio
from contextlib import suppress

HOST = "speech.platform.bing.com:443"


class Tunnel:
    """Counts what goes through it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.connections = 0
        self.refused: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, *_ = head.decode("latin-1").split(" ")
            if (method, target) == ("CONNECT", HOST):
                self.connections += 1
                await self._through(reader, writer)
            else:
                self.refused.append(f"{method} {target}")
                writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside_reader, inside = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        directions = [
            asyncio.ensure_future(_copy(reader, inside)),
            asyncio.ensure_future(_copy(inside_reader, writer)),
        ]
        await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        inside.close()
        writer.close()
        await asyncio.gather(*directions, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
