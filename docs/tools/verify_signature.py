#!/usr/bin/env python3
"""Check a signed PDF and its exported evidence, without our server.

    python3 verify_signature.py contract.pdf
    python3 verify_signature.py contract.pdf evidence.json
    python3 verify_signature.py --original offer.pdf contract.pdf evidence.json

The evidence needs Python alone. The signatures inside the PDF also need two packages:
``pip install pyhanko pyhanko-certvalidator``. Exit code: 0 everything holds, 1
something was changed, 2 something could not be checked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

FORMAT = "crm-sign-evidence/1"
OK, ALTERED, UNCHECKED = 0, 1, 2
VERDICTS = ("Everything holds.", "CHANGED.", "Not everything was checked.")


class Findings:
    """Lines to print and the worst of what was found."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.code = OK

    def good(self, text: str) -> None:
        self.lines.append(f"  ok       {text}")

    def bad(self, text: str) -> None:
        self.lines.append(f"  ALTERED  {text}")
        self.code = ALTERED

    def unknown(self, text: str) -> None:
        self.lines.append(f"  ?        {text}")
        self.code = self.code or UNCHECKED


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def canonical(value: dict) -> bytes:
    """Return the one way to write an event: keys sorted, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def check_chain(evidence: dict, findings: Findings) -> None:
    """Compute every hash again, and see that each event names the one before."""
    request, events = evidence["request"], evidence["events"]
    previous = sha256(request["reference"].encode())
    before = findings.code
    for number, event in enumerate(events, start=1):
        body = {key: value for key, value in event.items() if key != "hash"}
        if event["sequence"] != number:
            findings.bad(f"event {event['sequence']} is not in its place")
        if event["reference"] != request["reference"]:
            findings.bad(f"event {number} belongs to another request")
        if event["previous_hash"] != previous:
            findings.bad(f"event {number} does not follow the one before")
        if sha256(canonical(body)) != event["hash"]:
            findings.bad(f"event {number} ({event['kind']}) was changed")
        previous = event["hash"]
    head, count = request.get("chain_head"), request.get("event_count")
    if head is not None and head != (previous if events else ""):
        findings.bad("events are missing at the end")
    if count is not None and count != len(events):
        findings.bad(f"{count} events were written, {len(events)} are here")
    if findings.code == before:
        findings.good(f"{len(events)} events, none changed, none missing")


def check_files(
    evidence: dict, signed: bytes, original: bytes | None, findings: Findings
) -> None:
    """Compare the files with the hashes that the evidence holds."""
    documents = evidence["documents"]
    found = [d for d in documents if sha256(signed) == d.get("signed_sha256")]
    if found:
        findings.good(f"the signed file is that of {found[0]['name']}")
    else:
        findings.bad("the signed file is none of those in the evidence")
    for document in found or documents:
        size = find_original(signed, document.get("sha256") or "")
        if size:
            findings.good(
                f"its first {size} bytes are the original of {document['name']}"
            )
    if original is not None:
        if any(sha256(original) == d.get("sha256") for d in documents):
            findings.good("the original is the one that was sent")
        else:
            findings.bad("the original is not the one that was sent")


def find_original(signed: bytes, digest: str) -> int:
    """Return how many bytes at the start of a signed file are its original.

    Our signatures only add to a file; each part of it ends with ``%%EOF``.
    """
    end = signed.find(b"%%EOF")
    while end != -1:
        for tail in (b"\r\n", b"\n", b"\r", b""):
            size = end + 5 + len(tail)
            if signed[end + 5 : size] == tail and sha256(signed[:size]) == digest:
                return size
        end = signed.find(b"%%EOF", end + 5)
    return 0


def check_signatures(signed: bytes, findings: Findings) -> None:
    """Check the signatures in the file (PAdES) with pyHanko."""
    try:
        import logging
        from io import BytesIO

        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext
    except ImportError:
        findings.unknown("signatures not checked: pip install pyhanko")
        return
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        reader = PdfFileReader(BytesIO(signed), strict=False)
        signatures = list(reader.embedded_regular_signatures)
        if not signatures:
            findings.bad("there is no signature in the file")
        for number, signature in enumerate(signatures, start=1):
            certificate = signature.signer_cert
            context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
            status = validate_pdf_signature(signature, context)
            name = str(signature.sig_object["/Name"])
            issuer = certificate.issuer.human_friendly
            text = f"signature {number}: {name}, sealed by {issuer}"
            is_last = number == len(signatures)
            covers = status.coverage.name == "ENTIRE_FILE"
            if not (status.valid and status.intact and status.docmdp_ok):
                findings.bad(f"{text}: does not hold")
            elif is_last and not covers:
                findings.bad(f"{text}: something was added after it")
            else:
                findings.good(f"{text}, {certificate.sha256_fingerprint[:23]}...")
    except Exception as error:  # whatever a broken file makes the library raise
        findings.bad(f"the file cannot be read as it was written: {error}")


def main(arguments: list[str] | None = None) -> int:
    """Run the checks and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("signed", type=Path, help="the signed PDF")
    parser.add_argument("evidence", type=Path, nargs="?", help="exported evidence")
    parser.add_argument("--original", type=Path, help="the PDF before it was signed")
    options = parser.parse_args(arguments)
    signed, findings = options.signed.read_bytes(), Findings()
    check_signatures(signed, findings)
    if options.evidence:
        evidence = json.loads(options.evidence.read_text(encoding="utf-8"))
        if evidence.get("format") != FORMAT:
            findings.unknown(f"unknown kind of evidence: {evidence.get('format')}")
        else:
            original = options.original.read_bytes() if options.original else None
            check_chain(evidence, findings)
            check_files(evidence, signed, original, findings)
    print("\n".join(findings.lines))
    print(
        ("Everything holds.", "CHANGED.", "Not everything was checked.")[findings.code]
    )
    return findings.code


if __name__ == "__main__":
    sys.exit(main())
