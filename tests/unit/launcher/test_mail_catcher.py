import asyncio
import smtplib
import threading
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from tests.standins.mail.catcher import MailCatcher


@pytest.fixture
def catcher(tmp_path):
    made = MailCatcher(tmp_path, "127.0.0.1", 0, 0)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(made.start(), loop).result(5)
    yield made
    asyncio.run_coroutine_threadsafe(made.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def send(catcher, subject="Facture à régler", recipients=("henri@biotech.example",)):
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "bonjour@agence-lumen.example"
    message["To"] = ", ".join(recipients)
    message.set_content("Bonjour,\n.ligne qui commence par un point\n")
    message.add_alternative("<p>Bonjour <script>alert(1)</script></p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port, timeout=5) as smtp:
        smtp.send_message(message, to_addrs=[*recipients, "cachee@lumen.example"])


def fetch(catcher, path="/"):
    url = f"http://127.0.0.1:{catcher.http_port}{path}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode(), answer.headers


def test_mail_is_kept_as_it_came(catcher):
    send(catcher)
    [mail] = catcher.store.all()
    assert str(mail.message["Subject"]) == "Facture à régler"
    assert mail.recipients == ("henri@biotech.example", "cachee@lumen.example")
    text = mail.message.get_body(("plain",)).get_content()
    assert "\n.ligne qui commence par un point" in text


def test_page_lists_the_newest_first(catcher):
    assert "Aucun mail" in fetch(catcher)[0]
    send(catcher, "Premier")
    send(catcher, "Second & dernier")
    page, _headers = fetch(catcher)
    assert page.index("Second &amp; dernier") < page.index("Premier")
    assert "cachee@lumen.example" in page


def test_mail_is_shown_without_letting_it_act(catcher):
    send(catcher)
    name = catcher.store.all()[0].name
    page, headers = fetch(catcher, f"/{name}")
    assert "<iframe sandbox" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Bonjour" in fetch(catcher, f"/{name}/body")[0]
    assert "Subject:" in fetch(catcher, f"/{name}/raw")[0]


@pytest.mark.parametrize("path", ["/nothing", "/../../etc/passwd", "/..%2f..%2fx"])
def test_unknown_names_are_not_found(catcher, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(catcher, path)
    assert caught.value.code == 404
