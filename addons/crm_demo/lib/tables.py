"""Reading of the small CSV tables the story is told from."""

import csv
from collections.abc import Mapping
from pathlib import Path


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, every cell stripped.

    :raise ValueError: when a row has more or fewer cells than the heading
    """
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.reader(source)
        heading = next(reader)
        rows = []
        for cells in reader:
            if len(cells) != len(heading):
                raise ValueError(f"{path.name}, line {reader.line_num}: {cells}")
            rows.append(
                dict(zip(heading, (cell.strip() for cell in cells), strict=True))
            )
        return rows


def parse_mix(text: str) -> dict[str, float]:
    """Return days per product of a mix such as ``cadrage:2 dev:8.5``."""
    pairs = (item.split(":") for item in text.split())
    return {product: float(days) for product, days in pairs}


def mix_amount(mix: Mapping[str, float], prices: Mapping[str, int]) -> int:
    """Return the net amount in euros of days sold at the price of each product."""
    return round(sum(days * prices[product] for product, days in mix.items()))
