"""Command line: ``python -m tests.standins.mail --folder DIR ...``."""

import argparse
import asyncio
import signal
from pathlib import Path

from .catcher import MailCatcher


async def serve(catcher: MailCatcher) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await catcher.start()
    print(
        f"Mail catcher on {catcher.host}: SMTP {catcher.smtp_port}, "
        f"page {catcher.http_port}",
        flush=True,
    )
    await stop.wait()
    await catcher.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="mail catcher", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--folder", type=Path, required=True, help="for the .eml files")
    options = parser.parse_args()
    catcher = MailCatcher(
        options.folder, options.host, options.smtp_port, options.http_port
    )
    asyncio.run(serve(catcher))


if __name__ == "__main__":
    main()
