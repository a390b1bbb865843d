"""Words of the page of evidence, per language.

The page is made from plain facts without a database, so that it can be made again
and tested alone; its few words are therefore here and not in the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Everything that is written on the page but the facts themselves."""

    title: str
    intro: str
    request: str
    subject: str
    reference: str
    sender: str
    sent: str
    completed: str
    level: str
    documents: str
    document_hash: str
    one_page: str
    pages: str
    signers: str
    role: str
    email: str
    identified: str
    opened: str
    identified_at: str
    signed: str
    address: str
    browser: str
    consent: str
    delegated: str
    values: str
    none: str
    proof: str
    chain_text: str
    check_text: str
    page: str
    moment: str
    utc: str


FRENCH = Words(
    title="Certificat de signature",
    intro=(
        "Ce certificat fait partie du document signé. Il dit qui a signé, quand, "
        "comment chaque personne a été identifiée, et permet de vérifier que rien "
        "n'a changé depuis."
    ),
    request="Demande",
    subject="Objet",
    reference="Référence",
    sender="Envoyée par",
    sent="Envoyée le",
    completed="Terminée le",
    level="Niveau de signature",
    documents="Documents présentés à la signature",
    document_hash="Empreinte SHA-256 avant signature",
    one_page="1 page",
    pages="{count} pages",
    signers="Signataires",
    role="Qualité",
    email="Adresse e-mail",
    identified="Identification",
    opened="Document ouvert",
    identified_at="Identité vérifiée",
    signed="Signé",
    address="Adresse IP",
    browser="Navigateur",
    consent="Consentement",
    delegated="Par délégation de",
    values="Réponses",
    none="non renseigné",
    proof="Vérifier ce document",
    chain_text=(
        "{count} événements enchaînés par leurs empreintes. Empreinte du dernier "
        "avant l'établissement de ce certificat :"
    ),
    check_text=(
        "Déposez ce fichier PDF sur la page de vérification : elle dit s'il est "
        "intact. Un lecteur de PDF montre aussi les signatures qu'il contient."
    ),
    page="Page {number} sur {total}",
    moment="{date:%d/%m/%Y} à {date:%H:%M:%S}",
    utc="{date:%d/%m/%Y %H:%M:%S} UTC",
)
ENGLISH = Words(
    title="Signature certificate",
    intro=(
        "This certificate is part of the signed document. It says who signed, when, "
        "how each person was identified, and lets anybody check that nothing has "
        "changed since."
    ),
    request="Request",
    subject="Subject",
    reference="Reference",
    sender="Sent by",
    sent="Sent on",
    completed="Completed on",
    level="Signature level",
    documents="Documents submitted for signature",
    document_hash="SHA-256 hash before signature",
    one_page="1 page",
    pages="{count} pages",
    signers="Signers",
    role="Role",
    email="Email address",
    identified="Identification",
    opened="Document opened",
    identified_at="Identity checked",
    signed="Signed",
    address="IP address",
    browser="Browser",
    consent="Consent",
    delegated="Delegated by",
    values="Answers",
    none="not given",
    proof="Check this document",
    chain_text=(
        "{count} events chained by their hashes. Hash of the last one before this "
        "certificate was made:"
    ),
    check_text=(
        "Drop this PDF file on the check page: it says whether the file is intact. A "
        "PDF reader also shows the signatures it holds."
    ),
    page="Page {number} of {total}",
    moment="{date:%Y-%m-%d} at {date:%H:%M:%S}",
    utc="{date:%Y-%m-%d %H:%M:%S} UTC",
)


def words_for(lang: str) -> Words:
    """Return the words for a language code of Odoo; English by default."""
    return FRENCH if lang.lower().startswith("fr") else ENGLISH
