"""The pages of the mail catcher, in French like the screens around it."""

from email.message import EmailMessage
from html import escape

from .store import CaughtMail

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#222;background:#fff}
a{color:#0b5394}li{list-style:none;border-bottom:1px solid #ddd}
ul{padding:0}li a{display:block;padding:.75rem .25rem;min-height:44px;
text-decoration:none}li a:hover,li a:focus{background:#eef4fa}
small,dt{color:#555}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}
dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:70vh;border:1px solid #ccc}
"""


def _page(title: str, content: str) -> bytes:
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{content}</body></html>"
    ).encode()


def render_list(mails: list[CaughtMail]) -> bytes:
    if not mails:
        return _page(
            "Mails interceptés",
            "<p>Aucun mail pour l'instant. Rien ne part d'ici : chaque mail envoyé "
            "par le CRM s'affichera sur cette page.</p>",
        )
    rows = "".join(
        f'<li><a href="/{mail.name}"><b>{escape(_header(mail.message, "Subject"))}</b>'
        f"<br><small>{escape(_header(mail.message, 'Date'))} - à "
        f"{escape(', '.join(mail.recipients))}</small></a></li>"
        for mail in mails
    )
    return _page(f"Mails interceptés ({len(mails)})", f"<ul>{rows}</ul>")


def render_mail(mail: CaughtMail) -> bytes:
    message = mail.message
    facts = {
        "De": _header(message, "From"),
        "À": _header(message, "To"),
        "Destinataires réels": ", ".join(mail.recipients),
        "Date": _header(message, "Date"),
        "Pièces jointes": ", ".join(_attachment_names(message)) or "aucune",
    }
    rows = "".join(
        f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts.items()
    )
    return _page(
        _header(message, "Subject"),
        f'<p><a href="/">Tous les mails</a> - <a href="/{mail.name}/raw">Source</a></p>'
        f"<dl>{rows}</dl>"
        f'<iframe sandbox title="Corps du mail" src="/{mail.name}/body"></iframe>',
    )


def render_body(mail: CaughtMail) -> bytes:
    """The body alone, shown in a frame without scripts."""
    part = mail.message.get_body(("html", "plain"))
    if part is None:
        return b""
    text = part.get_content()
    if part.get_content_type() == "text/plain":
        text = f"<pre>{escape(text)}</pre>"
    return text.encode("utf-8", "replace")


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, "")) or "(vide)"


def _attachment_names(message: EmailMessage) -> list[str]:
    return [part.get_filename() or "?" for part in message.iter_attachments()]
