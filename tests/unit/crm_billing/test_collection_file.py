"""Names that cannot escape, cells that cannot run, files that match their sums."""

import email
import hashlib
import tracemalloc
import zipfile
from datetime import UTC, datetime
from email.policy import default

import pytest

from odoo.addons.crm_billing.lib.collection_file import (
    MailCopy,
    Part,
    ZipOnDisk,
    build_eml,
    csv_table,
    free_name,
    safe_name,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F2026/00001.pdf", "F2026-00001.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\windows", "windows"),
        ("/absolute.pdf", "absolute.pdf"),
        ("C:\\x.pdf", "C-x.pdf"),
        ("été à Noël.pdf", "ete a Noel.pdf"),
        ("", "document"),
        ("...", "document"),
        ("日本", "document"),
        ("nul", "_nul"),
        ("a\x00b\n.pdf", "a-b.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ("Facture (2).pdf", "Facture (2).pdf"),
    ],
)
def test_names_are_safe_everywhere(text, expected):
    assert safe_name(text) == expected


def test_two_files_never_share_a_name():
    taken = set()
    names = [free_name(name, taken) for name in ("a.pdf", "A.pdf", "a.pdf", "a")]
    assert names == ["a.pdf", "A (2).pdf", "a (3).pdf", "a"]


def test_a_cell_never_becomes_a_formula():
    table = csv_table(["Titre"], [["=1+1"], ["@x"], ["été; fin"], [-12.5], [None]])
    assert table.startswith(b"\xef\xbb\xbf")
    lines = table.decode("utf-8-sig").split("\r\n")
    assert lines == ["Titre", "'=1+1", "'@x", '"été; fin"', "-12.5", '""', ""]


def test_the_zip_holds_each_part_with_its_sum(tmp_path):
    source = tmp_path / "source.bin"
    source.write_bytes(b"facture" * 1000)
    path = tmp_path / "file.zip"
    with ZipOnDisk(path, {"invoice": "3-factures"}) as archive:
        entries = [
            archive.add(Part("invoice", "F/1.pdf", content=source)),
            archive.add(Part("invoice", "F/1.pdf", content=b"other")),
            archive.add(Part("invoice", note="none found")),
            archive.add(Part("index", "index.csv", content=b"a;b")),
        ]
    assert [entry.path for entry in entries] == [
        "3-factures/F-1.pdf", "3-factures/F-1 (2).pdf", "", "index.csv",
    ]  # fmt: skip
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 3
        for entry in entries:
            if entry.path:
                content = archive.read(entry.path)
                assert len(content) == entry.size
                assert hashlib.sha256(content).hexdigest() == entry.sha256
    assert entries[2].sha256 == ""


def test_a_large_file_never_is_in_memory(tmp_path):
    source = tmp_path / "large.bin"
    with source.open("wb") as target:
        target.truncate(64 << 20)
    tracemalloc.start()
    with ZipOnDisk(tmp_path / "file.zip", {}) as archive:
        archive.add(Part("x", "large.bin", content=source))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_mail_can_be_read_again():
    raw = build_eml(
        MailCopy(
            subject="Relance\r\nBcc: x@example.com",
            sender="Agence Lumen <compta@example.com>",
            recipients=["Marie <marie@example.com>"],
            sent_at=datetime(2026, 5, 13, 8, 30, tzinfo=UTC),
            message_id="<1@lumen>",
            html="<p>Mise en demeure, échéance</p>",
            attachments=[("F/1.pdf", "application/pdf", b"%PDF-1")],
        )
    )
    mail = email.message_from_bytes(raw, policy=default)
    assert mail["Subject"] == "Relance Bcc: x@example.com"
    assert mail["Bcc"] is None
    assert mail["To"] == "Marie <marie@example.com>"
    assert mail["Message-ID"] == "<1@lumen>"
    assert "échéance" in mail.get_body().get_content()
    (attachment,) = mail.iter_attachments()
    assert attachment.get_filename() == "F-1.pdf"
    assert attachment.get_content() == b"%PDF-1"


def test_a_mail_without_attachment_nor_sender():
    when = datetime(2026, 5, 13, tzinfo=UTC)
    raw = build_eml(MailCopy("", "", [], when, "", ""))
    assert email.message_from_bytes(raw)["Subject"] is None
