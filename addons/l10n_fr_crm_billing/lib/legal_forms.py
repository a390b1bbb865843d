"""Legal forms: what each of them has to print (C. com. R123-237, R123-238)."""

from typing import NamedTuple


class LegalForm(NamedTuple):
    """:param words: as printed; empty for a sole trader, who prints EI
    :param has_capital: the share capital is printed
    :param registry: the usual register
    """

    words: str
    has_capital: bool
    registry: str


RCS, RNE, RM, OTHER, NONE = "rcs", "rne", "rm", "other", "none"
FORMS: dict[str, LegalForm] = {
    "ei": LegalForm("", False, RNE),
    "micro": LegalForm("", False, RNE),
    "eurl": LegalForm("EURL", True, RCS),
    "sarl": LegalForm("SARL", True, RCS),
    "sasu": LegalForm("SASU", True, RCS),
    "sas": LegalForm("SAS", True, RCS),
    "sa": LegalForm("SA", True, RCS),
    "snc": LegalForm("SNC", True, RCS),
    "sca": LegalForm("SCA", True, RCS),
    "sci": LegalForm("SCI", True, RCS),
    "scop": LegalForm("SCOP à capital variable", True, RCS),
    "selarl": LegalForm("SELARL", True, RCS),
    "selas": LegalForm("SELAS", True, RCS),
    "scp": LegalForm("SCP", True, RCS),
    "gie": LegalForm("GIE", False, RCS),
    "association": LegalForm("Association loi 1901", False, NONE),
    "other": LegalForm("", False, OTHER),
}
SOLE_TRADERS = frozenset({"ei", "micro"})
REGISTRY_WORDS = {RCS: "RCS", RNE: "RNE", RM: "RM"}


def describe_registry(kind: str, town: str, other: str = "") -> str:
    """Return the register as printed; the town goes with the RCS and the RM.

    >>> describe_registry("rcs", "Paris")
    'RCS Paris'
    >>> describe_registry("rne", "")
    'RNE'
    >>> describe_registry("rcs", "")
    ''
    """
    if kind == OTHER:
        return other
    words = REGISTRY_WORDS.get(kind, "")
    if not words or (kind != RNE and not town):
        return ""
    return f"{words} {town}".strip()
