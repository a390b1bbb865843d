import re
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from odoo.addons.crm_sign.providers.certificate_page import (
    CertificateFacts,
    DocumentFacts,
    SignerFacts,
    make,
)
from odoo.addons.crm_sign.providers.final_file import compose
from odoo.addons.crm_sign.providers.pdf_reading import read_pdf
from odoo.addons.crm_sign.providers.sealing import Place, SealFacts, seal, verify
from odoo.addons.crm_sign.providers.stamping import Mark

from tests.unit.crm_sign.judges import ask_poppler, shown_text
from tests.unit.crm_sign.pictures import darkest, render
from tests.unit.crm_sign.samples import (
    NOW,
    company,
    make_pdf,
    make_png,
    person,
    texts,
)

COMPANY = SealFacts("Agence Lumen SAS", "Cachet", NOW)
SIGNER = SignerFacts(
    name="Élodie Ménard",
    email="elodie@example.com",
    identified_by="Code à usage unique envoyé par e-mail",
    signed_at=NOW,
    opened_at=datetime(2026, 7, 1, 22, 30, tzinfo=timezone.utc),
    identified_at=NOW,
    role="Directrice",
    ip="2001:db8::1",
    user_agent="Mozilla/5.0 (X11; Linux) Essai/1.0",
    consent="Je consens à signer ce document.",
    values=(("Fonction", "Directrice générale"),),
)
FACTS = CertificateFacts(
    title="Contrat d'accompagnement",
    reference="ABCD-EFGH-JKLM-NPQR",
    company="Agence Lumen SAS",
    sender="Nadia Roux",
    check_url="https://crm.example.com/sign/check",
    level="Signature électronique simple",
    sent_at=NOW,
    completed_at=NOW,
    documents=(DocumentFacts("Contrat.pdf", "ab" * 32, 20),),
    signers=(SIGNER,),
    chain_head="cd" * 32,
    event_count=14,
)


def read(content):
    return re.sub(r"\s+", " ", " ".join(texts(content)))


def test_the_page_says_who_when_how_and_what():
    text = read(make(FACTS))
    for wanted in (
        "Certificat de signature",
        "ABCD-EFGH-JKLM-NPQR",
        "Contrat.pdf (20 pages)",
        "ab" * 32,
        "cd" * 32,
        "14 événements",
        "Élodie Ménard",
        "elodie@example.com",
        "Code à usage unique envoyé par e-mail",
        "2001:db8::1",
        "Essai/1.0",
        "Je consens à signer ce document.",
        "Directrice générale",
        "https://crm.example.com/sign/check",
        "Page 1 sur 1",
    ):
        assert wanted in text, wanted
    # Company's zone and UTC, winter and summer.
    assert "02/03/2026 à 10:30:00 (Europe/Paris) - 02/03/2026 09:30:00 UTC" in text
    assert "02/07/2026 à 00:30:00 (Europe/Paris) - 01/07/2026 22:30:00 UTC" in text


def test_the_page_is_in_english_for_others():
    text = read(make(replace(FACTS, lang="en_US")))
    assert "Signature certificate" in text
    assert "Page 1 of 1" in text
    assert "Signataires" not in text


def test_names_are_text_and_never_mark_up():
    signer = replace(SIGNER, name="<b>&amp;</b> <img src='file:///etc/passwd'/>")
    assert "<b>&amp;</b> <img" in read(make(replace(FACTS, signers=(signer,))))


def test_endless_texts_and_control_characters_do_no_harm():
    signer = replace(
        SIGNER, user_agent="x" * 50_000, name="A\x00B\u202eC" * 300, consent="é " * 9000
    )
    pages = texts(make(replace(FACTS, signers=(signer,))))
    assert len(pages) <= 3
    assert "\u202e" not in "".join(pages)


def test_forty_signers_take_the_pages_they_need():
    pages = texts(make(replace(FACTS, signers=(SIGNER,) * 40)))
    assert len(pages) > 5
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} sur {len(pages)}" in text
    assert "40. Élodie Ménard" in read(make(replace(FACTS, signers=(SIGNER,) * 40)))


def test_the_qr_code_leads_to_the_check_page(tmp_path):
    content = make(FACTS)
    picture = render(content)
    # Bottom right of the block: dark squares on white.
    assert darkest(picture, 470, 500, 70, 250) < 60


def compose_one(original, **more):
    values = {
        "marks": [Mark("text", 1, 100, 400, 200, 20, "Très 5 €")],
        "signatures": [person(image=make_png())],
        "company": COMPANY,
        "evidence": make(FACTS),
        "certificate": company(),
        **more,
    }
    return compose(original, **values)


def test_the_final_file_holds_document_values_evidence_and_signatures(tmp_path):
    original = make_pdf(3)
    final = compose_one(original)
    assert final.certificate is None
    assert final.content.startswith(original)
    pages = texts(final.content)
    assert len(pages) == 4
    assert "Très 5 €" in pages[0]
    assert "Certificat de signature" in pages[3]
    shown = shown_text(final.content, tmp_path)
    assert "Signé par Élodie Ménard" in shown
    assert "Cachet : Agence Lumen SAS" in shown
    report = verify(final.content, [company().trust_anchor])
    assert report.intact
    assert [s.name for s in report.signatures] == ["Élodie Ménard", "Agence Lumen SAS"]
    poppler = ask_poppler(final.content, tmp_path)
    assert (poppler.valid, poppler.total, poppler.covers_whole) == (2, 2, True)
    # The company's seal shows at the top right of the page of evidence.
    assert darkest(render(final.content, 4), 370, 34, 175, 31) < 150


def test_a_signed_document_gets_signatures_and_a_certificate_beside_it(tmp_path):
    theirs = seal(
        make_pdf(2),
        signatures=[person("Autre", Place(1, 50, 50, 100, 40))],
        certificate=company("Autre SARL"),
    )
    final = compose_one(theirs)
    assert final.content.startswith(theirs)
    assert read_pdf(final.content).page_count == 2
    assert "Très 5 €" not in read(final.content)
    report = verify(final.content, [company().trust_anchor])
    assert report.intact
    assert report.signatures[0].certificate == "Autre SARL"
    assert ask_poppler(final.content, tmp_path).valid == 3
    proof = verify(final.certificate, [company().trust_anchor])
    assert proof.intact
    assert proof.is_trusted
    assert "Certificat de signature" in read(final.certificate)


@pytest.mark.parametrize("size", [(2000, 3000), (100, 80)])
def test_documents_of_any_size_are_completed(size):
    final = compose_one(
        make_pdf(1, size=size),
        marks=[],
        signatures=[person(place=Place(1, 5, 5, 90, 40))],
    )
    assert verify(final.content).intact


def test_a_document_of_500_pages_gets_its_certificate_beyond_the_limit():
    final = compose_one(make_pdf(500, text="{page}"))
    assert verify(final.content, [company().trust_anchor]).intact
    assert read_pdf(final.content, max_pages=501).page_count == 501
