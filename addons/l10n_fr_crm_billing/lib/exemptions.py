"""Why a line bears no VAT: the case, found from the tax and from the buyer.

The answer is a code of ``CASES``; its words are dated records, because articles move
from one code to another (CGI to CIBS on 1 September 2026).
"""

from typing import NamedTuple

FRANCHISE = "franchise"
REVERSE_CHARGE_BUILDING = "reverse_charge_building"
REVERSE_CHARGE = "reverse_charge"
INTRA_GOODS = "intra_goods"
EXPORT = "export"
OUT_OF_SCOPE = "out_of_scope"
EXEMPT = "exempt"
MARGIN = "margin"
TRAVEL_AGENCY = "travel_agency"

CASES = (
    FRANCHISE,
    REVERSE_CHARGE_BUILDING,
    REVERSE_CHARGE,
    INTRA_GOODS,
    EXPORT,
    OUT_OF_SCOPE,
    EXEMPT,
    MARGIN,
    TRAVEL_AGENCY,
)
REVERSED = frozenset({REVERSE_CHARGE, REVERSE_CHARGE_BUILDING})
# Cases in which the number of the buyer has to be printed, 242 nonies A 3° and 4°.
BUYER_VAT_NEEDED = frozenset({INTRA_GOODS, REVERSE_CHARGE})


class Clue(NamedTuple):
    """What is known of an untaxed line.

    :param category: VAT category of EN 16931 on the tax (AE, E, G, K, O), or empty
    :param zone: of the buyer: ``FR``, ``EU`` or ``OUT``
    :param scope: ``goods`` or ``services``
    """

    category: str
    zone: str
    scope: str


# A reason code of the tax says more than its category.
BY_REASON = {
    "VATEX-FR-FRANCHISE": FRANCHISE,
    "VATEX-EU-IC": INTRA_GOODS,
    "VATEX-EU-G": EXPORT,
    "VATEX-EU-O": OUT_OF_SCOPE,
    "VATEX-FR-AE": REVERSE_CHARGE_BUILDING,
    "VATEX-EU-D": MARGIN,
    "VATEX-EU-F": MARGIN,
    "VATEX-EU-I": MARGIN,
    "VATEX-EU-J": MARGIN,
    "VATEX-EU-309": TRAVEL_AGENCY,
}
# "*" stands for anything; the first row that fits gives the case.
TABLE = (
    (Clue("K", "*", "*"), INTRA_GOODS),
    (Clue("G", "*", "*"), EXPORT),
    (Clue("O", "*", "*"), OUT_OF_SCOPE),
    (Clue("AE", "FR", "*"), REVERSE_CHARGE_BUILDING),
    (Clue("AE", "*", "*"), REVERSE_CHARGE),
    (Clue("E", "*", "*"), EXEMPT),
    (Clue("", "EU", "goods"), INTRA_GOODS),
    (Clue("", "EU", "services"), REVERSE_CHARGE),
    (Clue("", "OUT", "goods"), EXPORT),
    (Clue("", "OUT", "services"), OUT_OF_SCOPE),
    (Clue("", "FR", "*"), EXEMPT),
)


def find_case(clue: Clue, reason_code: str = "", *, is_franchise: bool = False) -> str:
    """Return the code of the case of an untaxed line.

    >>> find_case(Clue("", "EU", "services"))
    'reverse_charge'
    """
    if is_franchise:
        return FRANCHISE
    if reason_code in BY_REASON:
        return BY_REASON[reason_code]
    for pattern, case in TABLE:
        if all(wanted in ("*", got) for wanted, got in zip(pattern, clue, strict=True)):
            return case
    return EXEMPT
