"""Writes the translatable terms of addons, one `.pot` each."""

import sys
from pathlib import Path

from odoo.tools.translate import trans_export

from .bootstrap import configure, environment, make_parser


def main() -> int:
    parser = make_parser(__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("addons", nargs="+")
    options = parser.parse_args()
    configure(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    with environment(options.database) as env:
        for addon in options.addons:
            with (options.folder / f"{addon}.pot").open("wb") as stream:
                trans_export(None, [addon], stream, "po", env)
    return 0


if __name__ == "__main__":
    sys.exit(main())
