"""Answers of the public register of French companies, read into plain facts.

Source: API Recherche d'entreprises (open data, no key). A company that refuses
publication is absent, or shows ``[ND]`` in place of a value: never a value.
"""

from dataclasses import dataclass
from typing import Any

from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

NOT_PUBLISHED = "[ND]"
CLOSED_STATES = {"C", "F"}
MAX_HITS = 10
QUERY_MIN_LENGTH = 3

# Legal categories of INSEE, most frequent first. The last digit is a detail.
LEGAL_FORMS = (
    ("1", "Entrepreneur individuel"),
    ("5202", "SNC"),
    ("5498", "EURL"),
    ("54", "SARL"),
    ("5585", "SELAFA"),
    ("5485", "SELARL"),
    ("5785", "SELAS"),
    ("55", "SA"),
    ("56", "SA"),
    ("5710", "SAS"),
    ("5720", "SASU"),
    ("58", "Société européenne"),
    ("62", "GIE"),
    ("6540", "SCI"),
    ("65", "Société civile"),
    ("71", "Administration de l'État"),
    ("72", "Collectivité territoriale"),
    ("73", "Établissement public"),
    ("92", "Association"),
    ("93", "Fondation"),
)


class AnswerError(ValueError):
    """The answer is not what the register documents."""


@dataclass(frozen=True)
class RegisteredCompany:
    """One company as the register shows it; empty text = not published.

    :param siret: of the establishment asked for, else of the head office
    :param is_vat_computed: the VAT number is deduced from the SIREN, not published
    """

    siren: str
    siret: str
    name: str
    street: str
    street2: str
    postcode: str
    city: str
    legal_form: str
    activity: str
    vat: str
    is_vat_computed: bool
    is_closed: bool
    closed_on: str


def clean_query(text: str) -> str:
    """Return what to ask: bare digits of a SIREN or SIRET, else the text.

    >>> clean_query(" 732 829 320 ")
    '732829320'
    """
    text = " ".join(text.split())
    digits = text.replace(" ", "")
    return digits if digits.isdigit() and len(digits) in (9, 14) else text


def is_askable(query: str) -> bool:
    """Whether the register may find something: a right number, or a few letters."""
    if query.isdigit() and len(query) == 9:
        return stdnum_siren.is_valid(query) and query != "0" * 9
    if query.isdigit() and len(query) == 14:
        return stdnum_siret.is_valid(query)
    return len(query) >= QUERY_MIN_LENGTH


def compute_vat(siren: str) -> str:
    """Return the VAT number a SIREN leads to; only VIES tells whether it exists.

    >>> compute_vat("732829320")
    'FR44732829320'
    """
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def read_answer(data: Any, query: str = "") -> list[RegisteredCompany]:
    """Return the companies of an answer, raise ``AnswerError`` when it is none.

    :param data: decoded JSON
    :param query: what was asked; a SIRET chooses the establishment
    """
    if not isinstance(data, dict) or not isinstance(data.get("results"), list):
        raise AnswerError("no list of results")
    companies = []
    for result in data["results"][:MAX_HITS]:
        if not isinstance(result, dict) or not stdnum_siren.is_valid(
            str(result.get("siren") or "")
        ):
            raise AnswerError("a result without SIREN")
        companies.append(_read_company(result, query))
    return companies


def _read_company(result: dict, query: str) -> RegisteredCompany:
    siren = result["siren"]
    place = _find_place(result, query)
    vat_numbers = result.get("tva")
    published = vat_numbers[0] if isinstance(vat_numbers, list) and vat_numbers else ""
    street = _join(
        place, "numero_voie", "indice_repetition", "type_voie", "libelle_voie"
    )
    return RegisteredCompany(
        siren=siren,
        siret=_text(place, "siret"),
        name=_text(result, "nom_raison_sociale") or _text(result, "nom_complet"),
        street=street or _street_of_line(place),
        street2=_text(place, "complement_adresse"),
        postcode=_text(place, "code_postal"),
        city=_text(place, "libelle_commune"),
        legal_form=describe_legal_form(_text(result, "nature_juridique")),
        activity=_text(result, "activite_principale"),
        vat=str(published) or compute_vat(siren),
        is_vat_computed=not published,
        # the head office may be closed while the company goes on elsewhere
        is_closed=result.get("etat_administratif") in CLOSED_STATES,
        closed_on=_text(result, "date_fermeture"),
    )


def _find_place(result: dict, query: str) -> dict:
    if len(query) == 14:
        for place in result.get("matching_etablissements") or ():
            if isinstance(place, dict) and place.get("siret") == query:
                return place
    head_office = result.get("siege")
    return head_office if isinstance(head_office, dict) else {}


def _text(source: dict, name: str) -> str:
    value = source.get(name)
    text = str(value).strip() if value not in (None, "") else ""
    return "" if NOT_PUBLISHED in text else text


def _join(source: dict, *names: str) -> str:
    return " ".join(filter(None, (_text(source, name) for name in names)))


def _street_of_line(place: dict) -> str:
    """Take the street out of the one-line address of an establishment."""
    line = _text(place, "adresse")
    postcode = _text(place, "code_postal")
    head, found, _tail = line.partition(f" {postcode} ") if postcode else (line, "", "")
    return head.strip() if found else ""


def describe_legal_form(code: str) -> str:
    """Return the words of a legal category, empty when it is not a known one.

    >>> describe_legal_form("5710"), describe_legal_form("5499")
    ('SAS', 'SARL')
    """
    matches = [row for row in LEGAL_FORMS if code.startswith(row[0])]
    return max(matches, key=lambda row: len(row[0]))[1] if matches else ""
