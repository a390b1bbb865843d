"""Command line: ``python -m tests.standins.llm --port 12114 ...``."""

from ..command import make_parser, serve
from .server import LlmStandin


def main(argv=None):
    parser = make_parser("llm", 12114)
    parser.add_argument(
        "--piece-ms", type=float, default=15, help="between the pieces of a stream"
    )
    options = parser.parse_args(argv)
    standin = LlmStandin(port=options.port, host=options.host)
    standin.state.settings.latency_seconds = options.latency_ms / 1000
    standin.state.settings.piece_seconds = options.piece_ms / 1000
    serve(standin, "Llm")


if __name__ == "__main__":
    main()
