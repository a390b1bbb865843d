"""Documents, pictures and certificates made for the tests of crm_sign."""

from datetime import datetime, timezone
from functools import cache
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

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


def make_png(width=200, height=80, alpha=0):
    """A blue stroke on a transparent ground, as a signature pad gives it."""
    from PIL import Image, ImageDraw

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
