"""Command line: ``python -m tests.standins.register --port 18200``."""

from ..command import make_parser, serve
from .server import RegisterStandin


def main(argv=None):
    options = make_parser("register", 18200).parse_args(argv)
    standin = RegisterStandin(port=options.port, host=options.host)
    standin.delay_seconds = options.latency_ms / 1000
    serve(standin, "Company register")


if __name__ == "__main__":
    main()
