"""Run the service: prints where it is as its first line, and ends when its input is closed."""

import argparse
import asyncio
import json
import ssl
import sys
import tempfile
from pathlib import Path

import trustme
from aiohttp import web

from service.faults import Faults
from service.server import Service, application
from service.tunnel import Tunnel


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="service", description="An online voice for tests.")
    parser.add_argument("--folder", type=Path, help="for authority.pem and requests.jsonl")
    parser.add_argument("--kind", default="", help="of faults")
    parser.add_argument("--share", type=float, default=1.0, help="of the requests, in tenths")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0.0, metavar="S", help="before an answer")
    options = parser.parse_args()
    faults = Faults(options.kind, options.share, options.seed, delay_s=options.delay)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_serve(options.folder or Path(folder), faults))


async def _serve(folder: Path, faults: Faults) -> None:
    service = Service(folder / "requests.jsonl")
    service.begin(faults)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("speech.platform.bing.com").configure_cert(tls)

    speaking = await _listen(application(service), tls)
    tunnel = Tunnel(speaking)
    proxy = await asyncio.start_server(tunnel.serve, "127.0.0.1", 0)
    control = await _listen(_control(service, tunnel))
    places = {
        "proxy": proxy.sockets[0].getsockname()[1],
        "control": control,
        "authority": str(folder / "authority.pem"),
        "log": str(folder / "requests.jsonl"),
    }
    print(json.dumps(places), flush=True)
    await asyncio.to_thread(sys.stdin.read)


async def _listen(app: web.Application, tls: ssl.SSLContext | None = None) -> int:
    """Serve on a free port of this machine, and return it."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    return int(runner.addresses[0][1])


def _control(service: Service, tunnel: Tunnel) -> web.Application:
    """Without TLS, for the tests: set the faults and begin anew, read what was counted."""

    async def begin(request: web.Request) -> web.Response:
        changes = await request.json()
        if "voices" in changes:
            changes["voices"] = tuple(changes["voices"])
        tunnel.connections = 0
        tunnel.refused.clear()
        service.begin(Faults(**changes))
        return web.Response()

    async def counts(request: web.Request) -> web.Response:
        tunnelled = {"connections": tunnel.connections, "elsewhere": tunnel.refused}
        return web.json_response({**service.told(), **tunnelled})

    app = web.Application()
    app.router.add_post("/begin", begin)
    app.router.add_get("/counts", counts)
    return app


if __name__ == "__main__":
    main()
