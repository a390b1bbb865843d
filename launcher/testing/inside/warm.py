"""Compiles every asset bundle, so that no browser test pays for it."""

import sys

from .bootstrap import configure, environment, make_parser


def main() -> int:
    options = make_parser(__doc__).parse_args()
    configure(options)
    with environment(options.database) as env:
        links = env["ir.qweb"]._pregenerate_assets_bundles()
    print(f"{len(links)} bundles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
