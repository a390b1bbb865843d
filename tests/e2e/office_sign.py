"""Records of the signature to try the roles on."""

import base64

from tests.e2e.sign_world import make_contract


def make_sign_subjects(office, subject) -> dict:
    """A draft of the administrator with its parts, a template, a certificate.

    :param subject: the class of a record to try things on
    """
    boss, company = office.business.rpc, office.business.company_id
    values = {"name": "Contrat", "company_id": company}
    file = base64.b64encode(make_contract()).decode()
    request = boss.create("crm.sign.request", **values)
    document = {"request_id": request, "name": "contrat.pdf", "content": file}
    signer = {"request_id": request, "name": "Marie", "email": "m@client.example"}
    document_id = boss.create("crm.sign.document", **document)
    signer_id = boss.create("crm.sign.signer", **signer)
    place = {"document_id": document_id, "signer_id": signer_id, "x": 10, "y": 10}
    event = office.site.sql(
        "INSERT INTO crm_sign_event (request_id, company_id, sequence, at, kind)"
        f" VALUES ({request}, {company}, 1, now(), 'sent') RETURNING id"
    )
    template = {"name": "Accord", "company_id": company, "file": file}
    template_id = boss.create("crm.sign.template", **template)
    role = {"template_id": template_id, "name": "Client"}
    role_id = boss.create("crm.sign.template.role", **role)
    field = {"template_id": template_id, "role_id": role_id, "x": 10, "y": 10}
    use = {"template_id": template_id}
    certificate = {"name": "Sceau", "company_id": company}
    rows = (
        ("signature request", "request", values, {"name": "X"}),
        ("document to sign", "document", document, {"name": "X"}),
        ("signer", "signer", signer, {"role": "X"}),
        ("field to sign", "field", place, {"label": "X"}),
        ("evidence of a signature", "event",
         {"request_id": request, "kind": "signed"}, {"actor": "X"}),
        ("signature template", "template", template, {"name": "X"}),
        ("role of a signature template", "template.role", role, {"name": "X"}),
        ("field of a signature template", "template.field", field, {"label": "X"}),
        ("sending of a signature template", "template.use", use, {"name": "X"}),
        ("certificate for signatures", "certificate", certificate, {"name": "X"}),
    )  # fmt: skip
    known = {
        "request": request,
        "document": document_id,
        "signer": signer_id,
        "event": int(event.split()[0]),
        "template": template_id,
        "template.role": role_id,
    }
    return {
        name: subject(
            f"crm.sign.{short}",
            known.get(short) or boss.create(f"crm.sign.{short}", **made),
            made,
            update,
        )
        for name, short, made, update in rows
    }
