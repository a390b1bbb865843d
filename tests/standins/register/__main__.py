"""Command line: ``python -m tests.standins.register --port 18200``."""

import argparse

from .server import RegisterStandin


def main(argv=None):
    parser = argparse.ArgumentParser(prog="register stand-in", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=18200)
    options = parser.parse_args(argv)
    standin = RegisterStandin(port=options.port, host=options.host)
    print(f"company register stand-in on {standin.base_url}", flush=True)
    standin.serve_forever()


if __name__ == "__main__":
    main()
