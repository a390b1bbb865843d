from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pypdf import PdfReader

from odoo.addons.crm_sign.providers.refused import CertificateRefused, PdfRefused
from odoo.addons.crm_sign.providers.sealing import Place, SealFacts, seal, verify

from tests.unit.crm_sign.judges import ask_poppler, ask_pyhanko
from tests.unit.crm_sign.pictures import darkest, render
from tests.unit.crm_sign.samples import (
    NOW,
    company,
    key_signer,
    make_pdf,
    make_png,
    person,
    rewrite,
    texts,
)

COMPANY = SealFacts("Agence Lumen SAS", "Cachet", NOW, is_company=True)


def sign_with_another_tool(content, name="Autre SARL", field="Other"):
    """Return the document signed by somebody else, with a visible field."""
    spec = SigFieldSpec(field, on_page=0, box=(50, 50, 200, 100))
    signer = PdfSigner(
        PdfSignatureMetadata(field_name=field), key_signer(name), new_field_spec=spec
    )
    writer = IncrementalPdfFileWriter(BytesIO(content))
    return signer.sign_pdf(writer).getvalue()


def test_each_signer_has_a_signature_and_the_seal_covers_all(tmp_path):
    people = [
        person(image=make_png()),
        person("Łukasz Żółć", Place(2, 100, 600, 180, 60)),
    ]
    sealed = seal(make_pdf(2), signatures=[*people, COMPANY], certificate=company())
    report = verify(sealed, [company().trust_anchor])
    assert report.intact
    assert report.is_trusted
    assert [s.name for s in report.signatures] == [
        "Élodie Ménard",
        "Łukasz Żółć",
        "Agence Lumen SAS",
    ]
    assert [s.covers_whole for s in report.signatures] == [False, False, True]
    assert {s.level for s in report.signatures} == {"B-B"}
    assert {s.certificate for s in report.signatures} == {"Agence Lumen SAS"}
    assert report.signatures[0].reason == "Élodie Ménard a signé"
    delay = datetime.now(timezone.utc) - report.signatures[0].signed_at
    assert abs(delay) < timedelta(minutes=5)
    poppler = ask_poppler(sealed, tmp_path)
    assert (poppler.valid, poppler.total, poppler.covers_whole) == (3, 3, True)
    # The chain is there and well formed; nothing is missing but somebody's trust. Only
    # the first one is asked: see "pdfsig" in docs/developers/signature.md.
    assert poppler.certificates[0] == "Certificate issuer isn't Trusted."
    assert ask_pyhanko(sealed, company().trust_anchor) == [True, True, True]


def test_what_was_there_stays_byte_for_byte():
    content = make_pdf(2)
    first = seal(content, signatures=[person()], certificate=company())
    second = seal(first, signatures=[COMPANY], certificate=company())
    assert first.startswith(content)
    assert second.startswith(first)


def test_the_signature_shows_name_date_and_picture():
    sealed = seal(
        make_pdf(1, text=""),
        signatures=[person(image=make_png())],
        certificate=company(),
    )
    (annotation,) = PdfReader(BytesIO(sealed)).pages[0]["/Annots"]
    form = annotation.get_object()["/AP"]["/N"]
    assert form["/BBox"] == [0, 0, 180, 60]
    picture = render(sealed)
    assert darkest(picture, 100, 600, 180, 40) < 150, "the picture"
    assert darkest(picture, 100, 645, 120, 14) < 150, "the caption"
    assert darkest(picture, 0, 0, 595, 598) > 250


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_signature_is_upright_on_turned_pages(turn, tmp_path):
    def change(writer):
        page = writer.pages[0]
        page.rotate(turn)
        page.cropbox.lower_left = (50, 60)
        page.cropbox.upper_right = (500, 800)

    content = rewrite(make_pdf(1, text=""), change)
    place = Place(1, 200, 300, 180, 60)
    sealed = seal(
        content,
        signatures=[person(place=place, image=make_png(240, 80))],
        certificate=company(),
    )
    picture = render(sealed)
    assert darkest(picture, 200, 302, 180, 38) < 150
    assert darkest(picture, 201, 345, 100, 14) < 160, "the caption is at the bottom"
    assert darkest(picture, 330, 345, 50, 14) > 250, "and begins at the left"
    assert darkest(picture, 0, 0, 450, 298) > 250
    assert ask_poppler(sealed, tmp_path).valid == 1


def test_an_earlier_signature_stays_valid(tmp_path):
    theirs = sign_with_another_tool(make_pdf(2))
    ours = seal(theirs, signatures=[person(), COMPANY], certificate=company())
    assert ours.startswith(theirs)
    report = verify(ours, [company().trust_anchor])
    assert report.intact
    assert [s.trusted_by for s in report.signatures] == [
        "",
        "Agence Lumen SAS CA",
        "Agence Lumen SAS CA",
    ]
    poppler = ask_poppler(ours, tmp_path)
    assert (poppler.valid, poppler.total, poppler.covers_whole) == (3, 3, True)
    # Each judged by its own root.
    assert ask_pyhanko(ours, company("Autre SARL").trust_anchor) == [True, False, False]
    assert ask_pyhanko(ours, company().trust_anchor) == [False, True, True]


def test_a_field_name_that_is_taken_is_not_used_again():
    theirs = sign_with_another_tool(make_pdf(), field="CrmSign1")
    report = verify(seal(theirs, signatures=[COMPANY], certificate=company()))
    assert [s.field for s in report.signatures] == ["CrmSign1", "CrmSign2"]


def test_a_form_in_the_document_stays_usable():
    sealed = seal(
        make_pdf(form_field=True), signatures=[person()], certificate=company()
    )
    assert verify(sealed).intact
    fields = PdfReader(BytesIO(sealed)).get_fields()
    assert [f["/V"] for f in fields.values() if f["/FT"] == "/Tx"] == ["remark"]


def test_a_key_on_a_curve_signs_too(tmp_path):
    identity = curve_identity()
    sealed = seal(make_pdf(), signatures=[COMPANY], certificate=identity)
    assert verify(sealed, [identity.trust_anchor]).is_trusted
    assert ask_poppler(sealed, tmp_path).valid == 1


def curve_identity():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    from odoo.addons.crm_sign.providers import company_certificate as module

    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(timezone.utc)
    name = module._make_name("Courbe SAS", "", "FR")
    certificate = (
        module._start(name, name, key, now - timedelta(days=1), now + timedelta(days=9))
        .add_extension(module._usage(content_commitment=True), critical=True)
        .sign(key, module.hashes.SHA256())
    )
    content = pkcs12.serialize_key_and_certificates(
        b"x", key, certificate, None, serialization.BestAvailableEncryption(b"p")
    )
    return module.read_identity(content, b"p")


def test_many_signers_sign_one_file(tmp_path):
    people = [
        person(
            f"Signataire {n}", Place(1, 40 + 130 * (n % 4), 80 + 90 * (n // 4), 120, 50)
        )
        for n in range(12)
    ]
    sealed = seal(make_pdf(), signatures=[*people, COMPANY], certificate=company())
    report = verify(sealed, [company().trust_anchor])
    assert report.intact
    assert len(report.signatures) == 13
    assert ask_poppler(sealed, tmp_path).valid == 13


@pytest.mark.parametrize(
    ("shift", "reason"),
    [(timedelta(days=-1), "expired"), (timedelta(days=1), "not_yet")],
)
def test_nothing_is_sealed_outside_the_life_of_the_certificate(shift, reason):
    now = datetime.now(timezone.utc)
    if reason == "expired":
        identity = replace(company(), not_after=now + shift)
    else:
        identity = replace(company(), not_before=now + shift)
    with pytest.raises(CertificateRefused) as caught:
        seal(make_pdf(), signatures=[COMPANY], certificate=identity)
    assert caught.value.reason == reason


def test_a_signature_on_a_page_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="1 pages"):
        seal(
            make_pdf(),
            signatures=[person(place=Place(2, 1, 1, 50, 20))],
            certificate=company(),
        )


def test_a_broken_picture_of_a_signature_is_refused():
    with pytest.raises(PdfRefused) as caught:
        seal(make_pdf(), signatures=[person(image=b"<svg>")], certificate=company())
    assert caught.value.reason == "picture"


def test_the_text_of_the_document_is_still_there():
    sealed = seal(make_pdf(3), signatures=[person()], certificate=company())
    assert [text.strip() for text in texts(sealed)] == ["Page 1", "Page 2", "Page 3"]
