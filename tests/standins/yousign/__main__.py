"""Command line: ``python -m tests.standins.yousign --port 12112 ...``."""

import argparse
import signal
import threading

from .server import YousignStandin
from .store import DEFAULT_KEY, DEFAULT_SECRET


def main(argv=None):
    parser = argparse.ArgumentParser(prog="yousign stand-in", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12112)
    parser.add_argument("--key", default=DEFAULT_KEY, help="API key of the account")
    parser.add_argument("--account-name", default="Agence Lumen SAS")
    parser.add_argument("--webhook-url", default="", help="where the events go")
    parser.add_argument("--webhook-secret", default=DEFAULT_SECRET)
    parser.add_argument("--latency-ms", type=float, default=0)
    options = parser.parse_args(argv)
    standin = YousignStandin(port=options.port, host=options.host)
    standin.state.settings.latency_seconds = options.latency_ms / 1000
    standin.add_account(
        options.key,
        name=options.account_name,
        webhook_url=options.webhook_url,
        webhook_secret=options.webhook_secret,
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    standin.start()
    print(f"Yousign stand-in on {standin.base_url}", flush=True)
    stop.wait()
    standin.stop()


if __name__ == "__main__":
    main()
