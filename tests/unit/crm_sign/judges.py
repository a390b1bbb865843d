"""Two judges of signed files that are not ours: poppler and pyHanko's own check."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True)
class PopplerReport:
    """What ``pdfsig`` says."""

    valid: int
    total: int
    covers_whole: bool
    certificates: tuple[str, ...]


def ask_poppler(content, folder):
    """Return what poppler thinks of the signatures of a file."""
    program = shutil.which("pdfsig")
    assert program, "the launcher installs poppler-utils before the tests"
    path = folder / "judged.pdf"
    path.write_bytes(content)
    answer = subprocess.run(
        [program, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    text = answer.stdout
    last = re.split(r"Signature #\d+:", text)[-1]
    return PopplerReport(
        valid=text.count("Signature is Valid."),
        total=len(re.findall(r"Signature #\d+:", text)),
        covers_whole="  - Total document signed" in last,
        certificates=tuple(re.findall(r"Certificate Validation: (.*)", text)),
    )


def shown_text(content, folder):
    """Return the text that a reader shows, that of the signatures included."""
    program = shutil.which("pdftotext")
    assert program, "the launcher installs poppler-utils before the tests"
    path = folder / "shown.pdf"
    path.write_bytes(content)
    answer = subprocess.run(
        [program, str(path), "-"], capture_output=True, check=True, timeout=60
    )
    return answer.stdout.decode()


def ask_pyhanko(content, root):
    """Return one verdict (bottom line of pyHanko) per signature, in their order."""
    reader = PdfFileReader(BytesIO(content))
    context = ValidationContext(trust_roots=[_load(root)], allow_fetching=False)
    return [
        validate_pdf_signature(signature, context).bottom_line
        for signature in reader.embedded_regular_signatures
    ]


def _load(der):
    from asn1crypto import x509

    return x509.Certificate.load(der)
