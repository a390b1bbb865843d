"""Files that were tampered with: each attack is found by us and by poppler."""

import random
from functools import cache
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from odoo.addons.crm_sign.providers.sealing import Place, SealFacts, seal, verify

from tests.unit.crm_sign.judges import ask_poppler
from tests.unit.crm_sign.samples import NOW, company, make_pdf, make_png, person

COMPANY = SealFacts("Agence Lumen SAS", "Cachet", NOW, is_company=True)
SIGNATURES = 3
# The flipped bytes are shared out: no test takes longer than a few seconds.
PARTS = 8


@cache
def sealed():
    return seal(
        make_pdf(2, form_field=True),
        signatures=[
            person(image=make_png()),
            person("Paul Roy", Place(2, 100, 600, 180, 60)),
            COMPANY,
        ],
        certificate=company(),
    )


def check(content):
    return verify(content, [company().trust_anchor])


def is_fine_for_poppler(content, folder):
    answer = ask_poppler(content, folder)
    return (answer.valid, answer.total, answer.covers_whole) == (
        SIGNATURES,
        SIGNATURES,
        True,
    )


def add_revision(change, content=None):
    """Return the file with one more update, as an attacker writes it."""
    writer = IncrementalPdfFileWriter(BytesIO(content or sealed()))
    change(writer)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def signed_bytes():
    """Positions that the last signature covers (all but its own contents)."""
    reader = PdfFileReader(BytesIO(sealed()))
    start, first, second, length = reader.embedded_regular_signatures[-1].byte_range
    assert second + length == len(sealed())
    return [*range(start, first), *range(second, second + length)]


def test_the_file_as_it_was_made_is_fine_for_both(tmp_path):
    assert check(sealed()).intact
    assert is_fine_for_poppler(sealed(), tmp_path)


def flips():
    """Bytes all over the file, and those at the edges of the signed ranges."""
    positions = signed_bytes()
    dice = random.Random(20260302)
    chosen = set(dice.sample(positions, 60))
    reader = PdfFileReader(BytesIO(sealed()))
    for signature in reader.embedded_regular_signatures:
        start, first, second, length = signature.byte_range
        chosen |= {start, first - 1, second, second + length - 1}
    return sorted(chosen & set(positions))


@pytest.mark.parametrize("part", range(PARTS))
def test_one_flipped_byte_is_found_by_both(part, tmp_path):
    content = bytearray(sealed())
    missed = []
    for position in flips()[part::PARTS]:
        content[position] ^= 0x01
        if check(bytes(content)).intact:
            missed.append((position, "ours"))
        if is_fine_for_poppler(bytes(content), tmp_path):
            missed.append((position, "poppler"))
        content[position] ^= 0x01
    assert not missed
    assert bytes(content) == sealed()


@pytest.mark.parametrize(
    "tail", [b"\n", b" ", b"%%EOF\n", b"<< /Type /Page >>", b"\0" * 4096, sealed]
)
def test_bytes_added_at_the_end_are_found_by_both(tail, tmp_path):
    content = sealed() + (tail() if callable(tail) else tail)
    assert not check(content).intact
    assert not is_fine_for_poppler(content, tmp_path)


def paint_over(writer):
    RawContent(b"1 g 0 0 600 850 re f").add_to_page(writer, 0)


def add_page(writer):
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject(
                generic.NumberObject(value) for value in (0, 0, 200, 200)
            ),
            pdf_name("/Resources"): generic.DictionaryObject(),
        }
    )
    writer.insert_page(page)


def add_note(writer):
    page_ref, _resources = writer.find_page_for_modification(0)
    values = {
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/FreeText"),
        pdf_name("/Contents"): generic.TextStringObject("1 000 000 euros"),
        pdf_name("/Rect"): generic.ArrayObject(
            generic.NumberObject(value) for value in (50, 50, 300, 90)
        ),
    }
    note = writer.add_object(generic.DictionaryObject(values))
    writer.register_annotation(page_ref, note)


def replace_signature_picture(writer):
    page_ref, _resources = writer.find_page_for_modification(0)
    widgets = page_ref.get_object()["/Annots"]
    widget = next(
        w for w in map(widgets.__getitem__, range(len(widgets))) if "/AP" in w
    )
    form = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(
                generic.NumberObject(value) for value in (0, 0, 10, 10)
            ),
        },
        stream_data=b"0 0 10 10 re f",
    )
    widget["/AP"][pdf_name("/N")] = writer.add_object(form)
    writer.update_container(widget)


def add_script(writer):
    action = {
        pdf_name("/S"): pdf_name("/JavaScript"),
        pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
    }
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(action)
    writer.update_root()


@pytest.mark.parametrize(
    "attack",
    [paint_over, add_page, add_note, replace_signature_picture, add_script],
)
def test_an_update_that_changes_the_document_is_found_by_both(attack, tmp_path):
    content = add_revision(attack)
    report = check(content)
    assert report.verdict == "altered"
    assert not is_fine_for_poppler(content, tmp_path)


def test_a_form_filled_after_the_seal_is_not_intact():
    def fill(writer):
        field = writer.root["/AcroForm"]["/Fields"][0]
        field[pdf_name("/V")] = generic.TextStringObject("1 000 000")
        writer.update_container(field)

    assert check(add_revision(fill)).verdict == "altered"


def test_a_stranger_who_fills_a_form_and_signs_does_not_make_it_intact():
    def fill(writer):
        field = writer.root["/AcroForm"]["/Fields"][0]
        field[pdf_name("/V")] = generic.TextStringObject("1 000 000")
        writer.update_container(field)

    stranger = SealFacts("Agence Lumen SAS", "Cachet", NOW)
    content = seal(
        add_revision(fill),
        signatures=[stranger],
        certificate=company("Imposteur SARL"),
    )
    report = check(content)
    assert report.verdict == "extended"
    assert not report.is_trusted
    assert report.signatures[-1].certificate == "Imposteur SARL"


def test_a_signature_added_later_is_told_from_ours():
    content = seal(
        sealed(), signatures=[person("Plus Tard")], certificate=company("Autre SARL")
    )
    report = check(content)
    assert report.verdict == "extended"
    assert [bool(s.trusted_by) for s in report.signatures] == [True] * 3 + [False]


def test_a_file_signed_by_an_impostor_with_our_name_is_not_trusted():
    forged = seal(
        make_pdf(2), signatures=[person(), COMPANY], certificate=company("Imposteur")
    )
    report = check(forged)
    assert report.intact, "the bytes are those that the impostor signed"
    assert not report.is_trusted
    assert not any(signature.trusted_by for signature in report.signatures)


def test_a_file_cut_back_to_an_earlier_signature_says_who_signed_it():
    reader = PdfFileReader(BytesIO(sealed()))
    _start, _first, second, length = reader.embedded_regular_signatures[0].byte_range
    report = check(sealed()[: second + length])
    assert [signature.name for signature in report.signatures] == ["Élodie Ménard"]


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", "unreadable"),
        (b"hello", "unreadable"),
        (b"%PDF-1.7\nbroken", "unreadable"),
        (make_pdf(1), "unsigned"),
    ],
)
def test_other_files_get_a_plain_answer(content, verdict):
    assert verify(content).verdict == verdict


def test_random_damage_never_raises():
    dice = random.Random(7)
    for _round in range(25):
        content = bytearray(sealed())
        for _hit in range(dice.randint(1, 40)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        cut = dice.randrange(len(content) // 2, len(content))
        assert not verify(bytes(content)).intact
        verify(bytes(content[:cut]))
