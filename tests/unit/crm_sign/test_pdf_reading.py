import time
import zlib
from io import BytesIO

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from odoo.addons.crm_sign.providers.pdf_reading import MAX_BYTES, read_pdf
from odoo.addons.crm_sign.providers.refused import PdfRefused
from odoo.addons.crm_sign.providers.sealing import seal

from tests.unit.crm_sign.samples import company, key_signer, make_pdf, person, rewrite

# Every refusal comes within this time, however large or twisted the file is.
PATIENCE_SECONDS = 15


def reason_of(content):
    started = time.process_time()
    with pytest.raises(PdfRefused) as caught:
        read_pdf(content)
    assert time.process_time() - started < PATIENCE_SECONDS
    return caught.value.reason


def test_pages_are_counted_and_measured_as_the_reader_sees_them():
    def turn(writer):
        writer.pages[1].rotate(90)
        writer.pages[1].cropbox.upper_right = (300, 500)

    facts = read_pdf(rewrite(make_pdf(3), turn))
    assert facts.page_count == 3
    assert facts.page_sizes[0] == pytest.approx((595.28, 841.89), abs=0.01)
    assert facts.page_sizes[1] == (500, 300)
    assert not facts.has_signature
    assert not facts.is_hybrid


def test_500_pages_are_read_and_501_are_not():
    assert read_pdf(make_pdf(500, text="{page}")).page_count == 500
    assert reason_of(make_pdf(501, text="{page}")) == "too_many_pages"


def test_40_megabytes_are_read_and_one_byte_more_is_not():
    def attach(size):
        # Strict readers want nothing after the end: the weight is a file inside.
        noise = bytes(range(256)) * (size // 256 + 1)
        return rewrite(
            make_pdf(1),
            lambda writer: writer.add_attachment("noise.bin", noise[:size]),
        )

    size = MAX_BYTES - 2 * (len(attach(1024)) - 1024)
    # The numbers of the file itself grow by some digits.
    while (left := MAX_BYTES - len(content := attach(size))) > 0:
        size += left
    assert len(content) == MAX_BYTES
    started = time.process_time()
    assert read_pdf(content).page_count == 1
    assert time.process_time() - started < PATIENCE_SECONDS
    assert reason_of(attach(size + 1)) == "too_large"


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_file_is_refused_even_when_it_opens_without_password(password):
    def encrypt(writer):
        writer.encrypt(password, "owner", algorithm="AES-256")

    assert reason_of(rewrite(make_pdf(), encrypt)) == "encrypted"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a word document", "not_pdf"),
        (b"%PDF-1.7\nnothing else", "damaged"),
        (b"<html>%PD", "not_pdf"),
    ],
)
def test_what_is_no_pdf_is_refused(content, reason):
    assert reason_of(content) == reason


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_file_cut_short_is_damaged(share):
    content = make_pdf(5)
    assert reason_of(content[: int(len(content) * share)]) == "damaged"


def test_a_page_whose_text_is_missing_is_damaged():
    def lose(writer):
        writer.pages[0][NameObject("/Contents")] = TextStringObject("gone")

    assert reason_of(rewrite(make_pdf(2), lose)) == "damaged"


def test_a_page_tree_that_loops_is_damaged():
    def loop(writer):
        tree = writer.root_object["/Pages"]
        tree["/Kids"].append(writer.root_object.raw_get("/Pages"))

    assert reason_of(rewrite(make_pdf(2), loop)) == "damaged"


def test_a_page_count_that_lies_is_damaged():
    content = make_pdf(2)
    assert content.count(b"/Count 2") == 1
    assert reason_of(content.replace(b"/Count 2", b"/Count 3")) == "damaged"


def test_a_stream_that_inflates_without_end_is_damaged_not_fatal():
    bomb = zlib.compress(zlib.compress(b"\0" * 200_000_000, 9), 9)
    content = (
        b"%PDF-1.5\n1 0 obj <</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter"
        b"[/FlateDecode/FlateDecode]/Length "
        + str(len(bomb)).encode()
        + b">>\nstream\n"
        + bomb
        + b"\nendstream endobj\nstartxref\n9\n%%EOF\n"
    )
    assert reason_of(content) == "damaged"


def test_a_form_that_only_one_reader_can_show_is_refused():
    def add_xfa(writer):
        form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
        writer.root_object[NameObject("/AcroForm")] = form

    assert reason_of(rewrite(make_pdf(), add_xfa)) == "dynamic_form"


def test_a_file_that_somebody_signed_is_known():
    signed = seal(make_pdf(), signatures=[person()], certificate=company())
    assert read_pdf(signed).has_signature


def test_an_empty_field_for_a_signature_is_no_signature():
    writer = IncrementalPdfFileWriter(BytesIO(make_pdf()))
    append_signature_field(writer, SigFieldSpec("Later", box=(0, 0, 50, 50)))
    target = BytesIO()
    writer.write(target)
    assert not read_pdf(target.getvalue()).has_signature


@pytest.mark.parametrize(
    ("permission", "is_locked"),
    [(MDPPerm.NO_CHANGES, True), (MDPPerm.FILL_FORMS, False)],
)
def test_a_certified_file_that_allows_nothing_is_refused(permission, is_locked):
    metadata = PdfSignatureMetadata(
        field_name="Author", certify=True, docmdp_permissions=permission
    )
    target = PdfSigner(metadata, key_signer()).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(make_pdf()))
    )
    content = target.getvalue()
    if is_locked:
        assert reason_of(content) == "locked"
    else:
        assert read_pdf(content).has_signature


def test_a_page_without_any_drawing_can_be_signed():
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    target = BytesIO()
    writer.write(target)
    assert read_pdf(target.getvalue()).page_sizes == [(200, 300)]
    assert len(PdfReader(target).pages) == 1
