"""A hundred contracts signed at the same moment: each once, none lost."""

import base64
import email
import email.policy
import io
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from tests.e2e.invoice_world import html_of, mail_server
from tests.e2e.running_site import wait_until
from tests.e2e.sign_world import LINK, SigningCompany

REQUESTS, AT_ONCE = 100, 16
SUBJECT = "Cent contrats"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="module")
def agency(site):
    return SigningCompany(site, "Agence Centaine")


@pytest.fixture(scope="module")
def mailbox(site, workspace):
    with mail_server(site, workspace.folder / "sign_many_mails") as box:
        yield box


def make_page(number: int) -> str:
    """A contract of one page with the anchor of its signer, in base64."""
    stream = io.BytesIO()
    paper = canvas.Canvas(stream, pagesize=A4, invariant=True)
    paper.drawString(72, 740, f"Contrat {number}")
    paper.drawString(72, 200, "{{sign:1}}")
    paper.save()
    return base64.b64encode(stream.getvalue()).decode()


def make_ink() -> bytes:
    image = Image.new("RGBA", (300, 100), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(10, 80), (150, 20), (290, 70)], fill="navy", width=4)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def make_requests(agency) -> list[int]:
    """Drafts whose one signer is known by the link alone."""
    return agency.rpc.call(
        "crm.sign.request",
        "create",
        [
            {
                "name": f"{SUBJECT} {number}",
                "signer_ids": [
                    (
                        0,
                        0,
                        {
                            "name": f"Client {number}",
                            "email": f"client{number}@cent.example",
                            "lang": "fr_FR",
                            "code_channel": "none",
                        },
                    )
                ],
                "document_ids": [
                    (0, 0, {"name": "Contrat", "content": make_page(number)})
                ],
            }
            for number in range(REQUESTS)
        ],
    )


def links_in(mailbox) -> list[str]:
    """Every link that was mailed about these contracts."""
    links = []
    for path in mailbox.folder.glob("*.eml"):
        message = email.message_from_bytes(
            path.read_bytes(), policy=email.policy.default
        )
        if SUBJECT in (message["Subject"] or ""):
            links += LINK.findall(html_of(message))[:1]
    return sorted(set(links))


def sign(link: str, presses: int = 1) -> float:
    """Sign as a browser does; return how long the last click took, in seconds."""
    browser = requests.Session()
    page = browser.get(link, timeout=120)
    token = TOKEN.search(page.text).group(1)
    page = browser.post(f"{link}/code", data={"csrf_token": token}, timeout=120)
    token = TOKEN.search(page.text).group(1)

    def press(_number):
        return requests.post(
            f"{link}/sign",
            data={"csrf_token": token, "consent": "1"},
            files={"signature": ("ink.png", make_ink(), "image/png")},
            cookies=browser.cookies,
            timeout=120,
        )

    started = time.monotonic()
    with ThreadPoolExecutor(presses) as pool:
        answers = list(pool.map(press, range(presses)))
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert answer.json().get("next"), answer.text
    return time.monotonic() - started


def test_a_hundred_sign_at_once(site, agency, mailbox):
    ids = make_requests(agency)
    agency.rpc.call("crm.sign.request", "action_send", ids)
    links = wait_until(
        lambda: len(found := links_in(mailbox)) == REQUESTS and found, 90, "all links"
    )
    started = time.monotonic()
    # One in ten presses twice.
    presses = [1 + (number % 10 == 0) for number in range(REQUESTS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        clicks = sorted(pool.map(sign, links, presses))
    signed_seconds = time.monotonic() - started
    chosen = f"request_id IN ({', '.join(map(str, ids))})"

    def is_sealed():
        done = site.sql(
            "SELECT count(*) FROM crm_sign_request WHERE seal_state = 'done'"
            f" AND id IN ({', '.join(map(str, ids))})"
        )
        return done == str(REQUESTS)

    wait_until(is_sealed, 240, "all final files")
    sealed_seconds = time.monotonic() - started
    for kind in ("signed", "completed", "sealed"):
        counted = site.sql(
            "SELECT count(*), count(DISTINCT request_id) FROM crm_sign_event"
            f" WHERE kind = '{kind}' AND {chosen}"
        )
        assert counted == f"{REQUESTS}\t{REQUESTS}", (kind, counted)
    files = site.sql(
        f"SELECT count(DISTINCT final_sha256) FROM crm_sign_document WHERE {chosen}"
    )
    assert files == str(REQUESTS)
    print(
        f"\n{len(clicks)} people in {signed_seconds:.1f} s, p95"
        f" {clicks[int(len(clicks) * 0.95)] * 1000:.0f} ms, all sealed after"
        f" {sealed_seconds:.1f} s"
    )
