"""Documents, pictures and certificates made for the tests of crm_sign."""

import re
from datetime import datetime, timezone
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.crm_sign.providers import sealing
from odoo.addons.crm_sign.providers.company_certificate import (
    make_company_ca,
    read_identity,
)
from odoo.addons.crm_sign.providers.sealing import Place, SealFacts

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
PASSPHRASE = b"only for tests"


def make_pdf(pages=1, text="Page {page}", size=A4, form_field=False):
    target = BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(72, size[1] - 72, text.format(page=page))
        if form_field and page == 1:
            canvas.acroForm.textfield("remark", x=72, y=300, width=200, height=20)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def rewrite(content, change):
    """Return the document after a change made with pypdf."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    change(writer)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def make_png(width=200, height=80, alpha=0):
    """A blue stroke on a transparent ground, as a signature pad gives it."""
    picture = Image.new("RGBA", (width, height), (255, 255, 255, alpha))
    ImageDraw.Draw(picture).line(
        [
            (10, height - 15),
            (width // 3, 10),
            (width // 2, height - 10),
            (width - 10, 20),
        ],
        fill=(10, 30, 160, 255),
        width=6,
    )
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


@cache
def company(name="Agence Lumen SAS"):
    now = datetime.now(timezone.utc)
    pkcs12 = make_company_ca(name, passphrase=PASSPHRASE, now=now)
    return read_identity(pkcs12, PASSPHRASE)


SOMEWHERE = Place(1, 100, 600, 180, 60)


def person(name="Élodie Ménard", place=SOMEWHERE, image=None, **more):
    values = {"reason": f"{name} a signé", "signed_at": NOW, "image": image, **more}
    return SealFacts(name=name, place=place, **values)


def key_signer(name="Agence Lumen SAS"):
    """Somebody else's way of signing: what another tool would write."""
    return sealing._KeySigner(company(name))


def texts(content):
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def make_hybrid():
    """A file for old and new readers at once, as some word processors write."""
    content = make_pdf(1)
    root = re.search(rb"/Root (\d+ \d+ R)", content)[1]
    before = re.search(rb"startxref\s+(\d+)", content)[1]
    size, place = 90, len(content)
    entry = b"\x01" + place.to_bytes(4, "big") + b"\0\0"
    stream = (
        b"89 0 obj <</Type/XRef/Size 90/W[1 4 2]/Index[89 1]/Root %b/Length 7>>\n"
        b"stream\n%b\nendstream\nendobj\n" % (root, entry)
    )
    table = place + len(stream)
    return (
        content
        + stream
        + b"xref\n0 1\n0000000000 65535 f \ntrailer <</Size %d/Root %b/Prev %b"
        b"/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, before, place, table)
    )
