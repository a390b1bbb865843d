"""The words of the law in a formal notice: dated records like those of invoices."""

from collections.abc import Iterable
from datetime import date

from .wordings import Printed, Wording, fill, prefer

# Code of the wording by paragraph of the letter, for businesses and for consumers.
NOTICE = "notice"
BUSINESS = {"basis": "notice_business", "court": "notice_court"}
CONSUMER = {"basis": "notice_consumer", "court": "notice_court"}
NOTICE_CODES = ("notice_business", "notice_consumer", "notice_court")


def print_notice(
    wordings: Iterable[Wording], day: date, is_business: bool
) -> tuple[dict[str, Printed], list[str]]:
    """Return the words of a letter of this day.

    :return: ``{paragraph: words}``, and the codes that have no words in force
    """
    printed, missing = {}, []
    for paragraph, code in (BUSINESS if is_business else CONSUMER).items():
        wording = prefer(w for w in wordings if w.code == code and w.is_in_force(day))
        if not wording:
            missing.append(code)
            continue
        printed[paragraph] = Printed(
            code, NOTICE, wording.label, fill(wording.text, {}), wording.reference
        )
    return printed, missing
