"""The hosted payment page: plain French HTML a client can pay on."""

from html import escape

from . import money

_STYLE = """
body{font:18px/1.5 system-ui,sans-serif;margin:0;background:#f5f6f8;color:#1a1f36}
main{max-width:26rem;margin:2rem auto;padding:1.5rem;background:#fff;
border-radius:12px}
h1{font-size:1.2rem;margin:0}
.amount{font-size:2rem;font-weight:700;margin:.3rem 0 1rem}
label{display:block;margin:1rem 0 .3rem;font-weight:600}
input{width:100%;box-sizing:border-box;min-height:44px;font:inherit;padding:.4rem .6rem;
border:1px solid #6b7280;border-radius:6px}
input:focus,button:focus,a:focus{outline:3px solid #1d4ed8;outline-offset:2px}
button{width:100%;min-height:48px;margin-top:1.4rem;font:inherit;font-weight:700;
color:#fff;background:#1d4ed8;border:0;border-radius:6px}
.error{background:#fde8e8;color:#8a1c1c;padding:.8rem;border-radius:6px}
.note{font-size:.9rem;color:#4b5563}
a{color:#1d4ed8;display:inline-block;min-height:44px;line-height:44px}
"""


def _page(title, content):
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{content}</main></body></html>"
    )


def payment_page(account, session, error="", values=None):
    """The form of an open session, with the message of a refused attempt."""
    values = values or {}
    lines = "".join(
        f"<p>{escape(line['description'] or '')}</p>" for line in session["_lines"]
    )
    amount = money.french(session["amount_total"], session["currency"])
    alert = (
        f'<p class="error" role="alert" id="error">{escape(error)}</p>' if error else ""
    )
    email = values.get("email") or session["customer_email"] or ""
    debit = ""
    if "sepa_debit" in session["payment_method_types"]:
        debit = (
            '<label for="iban">ou IBAN pour un prélèvement SEPA</label>'
            '<input id="iban" name="iban" autocomplete="off">'
        )
    back = ""
    if session["cancel_url"]:
        back = f'<p><a href="{escape(session["cancel_url"])}">Revenir au site</a></p>'
    return _page(
        "Paiement",
        f"<h1>{escape(account.name)}</h1>"
        f'<p class="amount">{escape(amount)}</p>{lines}{alert}'
        '<form method="post" novalidate>'
        '<label for="email">E-mail</label>'
        f'<input id="email" name="email" type="email" required value="{escape(email)}"'
        ' autocomplete="email">'
        '<label for="card">Numéro de carte</label>'
        '<input id="card" name="card" inputmode="numeric" autocomplete="cc-number">'
        f"{debit}"
        f'<button type="submit">Payer {escape(amount)}</button></form>'
        '<p class="note">Serveur d\'essai : aucun argent ne circule. '
        "Carte acceptée : 4242 4242 4242 4242.</p>"
        f"{back}",
    )


def closed_page(session):
    if session["status"] == "complete":
        title, text = "Déjà payé", "Ce paiement a déjà été envoyé."
    else:
        title, text = "Page expirée", "Cette page de paiement n'est plus valable."
    return _page(title, f"<h1>{title}</h1><p>{text}</p>")


def missing_page():
    return _page(
        "Page inconnue",
        "<h1>Page inconnue</h1><p>Cette page de paiement n'existe pas.</p>",
    )
