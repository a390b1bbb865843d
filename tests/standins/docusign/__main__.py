"""Command line: ``python -m tests.standins.docusign --port 12121 ...``."""

import argparse
import signal
import threading
from pathlib import Path

from .server import DocusignStandin


def main(argv=None):
    parser = argparse.ArgumentParser(prog="docusign stand-in", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12121)
    parser.add_argument("--public-key", help="file with the public key of the app")
    parser.add_argument("--hmac-key", action="append", default=[])
    parser.add_argument("--redirect-uri", action="append", default=[])
    parser.add_argument("--no-consent", action="store_true")
    parser.add_argument("--latency-ms", type=float, default=0)
    options = parser.parse_args(argv)
    standin = DocusignStandin(port=options.port, host=options.host)
    standin.state.settings.latency_seconds = options.latency_ms / 1000
    if options.public_key:
        made = standin.add_account(
            Path(options.public_key).read_text(encoding="utf-8"),
            hmac_keys=options.hmac_key,
            redirect_uris=options.redirect_uri,
            consent=not options.no_consent,
        )
        print(" ".join(f"{name}={value}" for name, value in made.items()))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    standin.start()
    print(f"DocuSign stand-in on {standin.base_url}", flush=True)
    stop.wait()
    standin.stop()


if __name__ == "__main__":
    main()
