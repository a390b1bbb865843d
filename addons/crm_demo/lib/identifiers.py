"""French company numbers derived from a SIREN, so that the data stays small.

The client SIRENs of the demo start with 0: no real company has such a number, while
the check digits are right and every format check accepts them.
"""


def luhn_is_valid(digits: str) -> bool:
    """Tell whether ``digits`` (SIREN or SIRET) carries the right check digit."""
    if not digits.isdigit():
        return False
    total = 0
    for rank, char in enumerate(reversed(digits)):
        value = int(char) * (1 + rank % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def make_siret(siren: str, office: int = 1) -> str:
    """Return the 14-digit SIRET of the ``office``-th place of business of a SIREN."""
    stem = f"{siren}{office:04d}"
    return next(f"{stem}{key}" for key in range(10) if luhn_is_valid(f"{stem}{key}"))


def make_vat_number(siren: str) -> str:
    """Return the French VAT number of a SIREN, e.g. ``732829320`` -> ``FR44...``."""
    key = (12 + 3 * (int(siren) % 97)) % 97
    return f"FR{key:02d}{siren}"
