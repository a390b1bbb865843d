"""The page a signer opens: read, sign or refuse."""

from html import escape

_PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Yousign (simulation)</title>
<style>body{{font:16px/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}
button{{font:inherit;min-height:44px;padding:0 1.2rem;margin-right:.5rem}}
input{{font:inherit;min-height:40px;width:100%;box-sizing:border-box}}</style>
<h1>{title}</h1>{body}</html>"""


def page(title, body):
    return _PAGE.format(title=escape(title), body=body).encode()


def signing_page(request, signer):
    info = signer["info"]
    documents = "".join(
        f"<li>{escape(document['filename'])}, {document['total_pages']} page(s)</li>"
        for document in request["_documents"]
    )
    questions = "".join(
        f"<p><label>{escape(item['question'])}"
        f'<input name="{escape(item["question"])}"></label></p>'
        for item in signer["fields"]
        if item["type"] == "text"
    )
    refuse = (
        '<p><label>Motif du refus<input name="_reason"></label></p>'
        '<button name="_act" value="decline">Refuser</button>'
        if request["signers_allowed_to_decline"]
        else ""
    )
    name = escape(f"{info['first_name']} {info['last_name']}")
    return page(
        request["name"],
        f"<p>Simulation locale de Yousign, sans valeur juridique.</p><p>{name}</p>"
        f'<ul>{documents}</ul><form method="post">{questions}'
        f'<p><button name="_act" value="sign">Signer</button></p>{refuse}</form>',
    )
