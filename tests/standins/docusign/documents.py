"""Files of an envelope: read when they come, stamped and certified at the end."""

import base64
import binascii
import io

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from .errors import ApiError, bad_parameter

TAB_LISTS = {
    "signHereTabs": "signature",
    "initialHereTabs": "initials",
    "dateSignedTabs": "date",
    "textTabs": "text",
    "checkboxTabs": "checkbox",
}


def read_all(items):
    """Return {documentId: {name, content, sizes}}, in the order given."""
    files = {}
    for item in items:
        number = str(item.get("documentId") or "")
        if not number.isdigit() or not 0 < int(number) < 2**31:
            raise bad_parameter("documentId must be a positive number.")
        if number in files:
            raise bad_parameter(f"documentId {number} is there twice.")
        if not item.get("name") or not item.get("fileExtension"):
            raise bad_parameter("A document needs name and fileExtension.")
        try:
            content = base64.b64decode(item.get("documentBase64") or "", validate=True)
        except binascii.Error as error:
            raise ApiError(
                "INVALID_CONTENT_TYPE", "The document is not base64."
            ) from error
        files[number] = {"name": item["name"], "content": content}
        files[number]["sizes"] = _page_sizes(content)
    return files


def _page_sizes(content):
    """Width and height in points of each page as it is shown."""
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        sizes = []
        for page in pages:
            width, height = float(page.cropbox.width), float(page.cropbox.height)
            turned = page.rotation % 180 == 90
            sizes.append((height, width) if turned else (width, height))
    except (PyPdfError, ValueError, OSError) as error:
        raise ApiError(
            "UNABLE_TO_CONVERT_DOCUMENT", "System was unable to convert this document."
        ) from error
    return sizes


def check_tabs(tabs, files):
    """Refuse a tab on a page or at a place that does not exist."""
    for name, items in (tabs or {}).items():
        if name == "tabGroups":
            continue
        if name not in TAB_LISTS:
            raise bad_parameter(f"{name} is not played here.")
        for tab in items:
            document = files.get(tab.get("documentId"))
            page = int(tab.get("pageNumber") or 0)
            if document is None or not 1 <= page <= len(document["sizes"]):
                raise ApiError(
                    "INVALID_TAB_PAGE_NUMBER", "The tab is on a page that is not there."
                )
            width, height = document["sizes"][page - 1]
            x, y = _place(tab)
            if not (0 <= x <= width and 0 <= y <= height):
                raise ApiError(
                    "TAB_OUT_OF_BOUNDS", "One or more tabs are out of bounds."
                )


def _place(tab):
    """In 1/72 inch from the top left; decimals are rounded by the service."""
    try:
        return int(tab["xPosition"]), int(tab["yPosition"])
    except (KeyError, TypeError, ValueError) as error:
        raise bad_parameter("xPosition and yPosition are whole numbers.") from error


def sign_all(envelope):
    """Return the final files: signatures where the tabs are, the id on each page."""
    signers = envelope["recipients"]["signers"]
    return {
        number: _stamp(envelope["envelopeId"], number, document, signers)
        for number, document in envelope["files"].items()
    }


def _stamp(envelope_id, number, document, signers):
    reader = PdfReader(io.BytesIO(document["content"]))
    writer = PdfWriter(clone_from=reader)
    for index, page in enumerate(writer.pages):
        page.transfer_rotation_to_content()
        width, height = document["sizes"][index]
        sheet = io.BytesIO()
        drawing = canvas.Canvas(sheet, pagesize=(width, height))
        drawing.setFont("Helvetica", 7)
        drawing.drawString(15, height - 12, f"DocuSign Envelope ID: {envelope_id}")
        for signer in signers:
            for text, x, y in _marks(signer, number, str(index + 1)):
                drawing.setFont("Helvetica-Oblique", 11)
                drawing.drawString(x, height - y - 11, text)
        drawing.save()
        sheet.seek(0)
        page.merge_page(PdfReader(sheet).pages[0])
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _marks(signer, number, page):
    for name, kind in TAB_LISTS.items():
        for tab in (signer.get("tabs") or {}).get(name) or []:
            if (tab["documentId"], tab["pageNumber"]) == (number, page):
                yield _mark(signer, tab, kind), *_place(tab)


def _mark(signer, tab, kind):
    values = signer.get("values") or {}
    initials = "".join(word[0] for word in signer["name"].split())
    made = {
        "signature": signer["name"],
        "initials": initials,
        "date": signer.get("signedDateTime", "")[:10],
        "text": values.get(tab.get("tabLabel"), tab.get("value") or ""),
        "checkbox": "X" if values.get(tab.get("tabLabel")) else "",
    }
    return made[kind]


def combined(envelope, certificate=False):
    writer = PdfWriter()
    for content in contents(envelope).values():
        writer.append(io.BytesIO(content))
    if certificate:
        writer.append(io.BytesIO(certificate_page(envelope)))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def contents(envelope):
    """What can be downloaded now: signed files once complete."""
    given = {number: item["content"] for number, item in envelope["files"].items()}
    return envelope["signed"] or given


def certificate_page(envelope):
    """A Certificate Of Completion, one page."""
    output = io.BytesIO()
    drawing = canvas.Canvas(output, pagesize=A4, invariant=True)
    lines = ["Certificate Of Completion", f"Envelope Id: {envelope['envelopeId']}"]
    lines.append(f"Subject: {envelope.get('emailSubject', '')}")
    lines.append(f"Status: {envelope['status'].title()}")
    for signer in envelope["recipients"]["signers"]:
        lines.append(f"{signer['name']} <{signer['email']}>: {signer['status']}")
        lines.append(f"    Signed: {signer.get('signedDateTime', '-')}")
    for position, line in enumerate(lines):
        drawing.drawString(56, A4[1] - 72 - 18 * position, line)
    drawing.save()
    return output.getvalue()


def listing(envelope):
    path = f"/envelopes/{envelope['envelopeId']}/documents"
    shown = [
        {
            "documentId": number,
            "documentIdGuid": envelope["envelopeId"],
            "name": item["name"],
            "type": "content",
            "uri": f"{path}/{number}",
            "order": str(position + 1),
            "containsPdfFormFields": "false",
        }
        for position, (number, item) in enumerate(envelope["files"].items())
    ]
    if envelope["status"] not in ("created", ""):
        shown.append(
            {
                "documentId": "certificate",
                "documentIdGuid": envelope["envelopeId"],
                "name": "Summary",
                "type": "summary",
                "uri": f"{path}/certificate",
                "order": "999",
            }
        )
    return shown
