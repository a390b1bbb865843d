"""Command line: ``python -m tests.standins.yousign --port 12112 ...``."""

from ..command import make_parser, serve
from .server import YousignStandin
from .store import DEFAULT_KEY, DEFAULT_SECRET


def main(argv=None):
    parser = make_parser("yousign", 12112)
    parser.add_argument("--key", default=DEFAULT_KEY, help="API key of the account")
    parser.add_argument("--account-name", default="Agence Lumen SAS")
    parser.add_argument("--webhook-url", default="", help="where the events go")
    parser.add_argument("--webhook-secret", default=DEFAULT_SECRET)
    options = parser.parse_args(argv)
    standin = YousignStandin(port=options.port, host=options.host)
    standin.state.settings.latency_seconds = options.latency_ms / 1000
    standin.add_account(
        options.key,
        name=options.account_name,
        webhook_url=options.webhook_url,
        webhook_secret=options.webhook_secret,
    )
    serve(standin, "Yousign")


if __name__ == "__main__":
    main()
