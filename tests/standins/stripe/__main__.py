"""Command line: ``python -m tests.standins.stripe --port 12111 ...``."""

from functools import partial

from ..command import make_parser, serve
from . import memory
from .server import StripeStandin


def main(argv=None):
    parser = make_parser("stripe", 12111)
    parser.add_argument(
        "--public-url",
        default="",
        help="how a browser reaches the pages, when not by host and port",
    )
    parser.add_argument(
        "--secret-key",
        action="append",
        default=[],
        help="key of an account; give it several times for several accounts",
    )
    parser.add_argument(
        "--webhook-url",
        action="append",
        default=[],
        help="where the events of the account at the same position go",
    )
    parser.add_argument("--webhook-secret", action="append", default=[])
    parser.add_argument("--account-name", action="append", default=[])
    parser.add_argument("--memory", help="file that keeps the data between two runs")
    options = parser.parse_args(argv)
    standin = StripeStandin(port=options.port, host=options.host)
    if options.public_url:
        standin.state.base_url = options.public_url.rstrip("/")
    standin.state.settings.latency_seconds = options.latency_ms / 1000
    for position, key in enumerate(options.secret_key or ["sk_test_standin"]):
        values = {}
        if position < len(options.account_name):
            values["name"] = options.account_name[position]
        standin.add_account(
            key,
            webhook_url=_at(options.webhook_url, position),
            webhook_secret=_at(options.webhook_secret, position) or "whsec_standin",
            **values,
        )
    if options.memory:
        memory.load(standin.state, options.memory)
        serve(
            standin, "Stripe", tick=partial(memory.save, standin.state, options.memory)
        )
    else:
        serve(standin, "Stripe")


def _at(values, position):
    return values[position] if position < len(values) else ""


if __name__ == "__main__":
    main()
