"""Command line: ``python -m tests.standins.docusign --port 12121 ...``."""

from pathlib import Path

from ..command import make_parser, serve
from .server import DocusignStandin


def main(argv=None):
    parser = make_parser("docusign", 12121)
    parser.add_argument("--public-key", help="file with the public key of the app")
    parser.add_argument("--hmac-key", action="append", default=[])
    parser.add_argument("--redirect-uri", action="append", default=[])
    parser.add_argument("--no-consent", action="store_true")
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
    serve(standin, "DocuSign")


if __name__ == "__main__":
    main()
