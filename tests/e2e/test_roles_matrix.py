"""The whole matrix of roles: who may create, read, update and delete what.

Every cell is tried over the wire, as a browser would, on a record of one company:
by each of its roles, by the client's portal access, by nobody in particular, and
by the administrator of another company on the same server.
"""

import pytest

from tests.e2e.office import Office
from tests.e2e.running_site import RpcError

ROLES = (
    "admin", "nocode", "automation", "seller", "portal", "anonymous", "other_company",
)  # fmt: skip
# Letters: Create, Read, Update, Delete. A role that is not named may do nothing.
MATRIX = {
    "lead of the seller": {"admin": "CRUD", "seller": "CRU"},
    "lead of a colleague": {"admin": "CRUD"},
    "payment link": {"admin": "R", "seller": "R"},
    # A window is its owner's: the admin's here, as for every spare record.
    "payment link options": {"admin": "CRUD", "seller": "C"},
    # A plan the client has paid is a proof: nobody deletes it.
    "instalment plan": {"admin": "RU"},
    "instalment": {"admin": "CRUD"},
    "connection": {"admin": "CRUD", "automation": "R"},
    "exchange": {"admin": "R", "automation": "R"},
    "attempt of an exchange": {"admin": "R", "automation": "R"},
    "payout": {"admin": "R"},
    "movement of a payout": {"admin": "R"},
    "difference with Stripe": {"admin": "R"},
    "finding of an accounting file": {"admin": "R"},
    "accounting file export": {"admin": "CRUD", "other_company": "C"},
    "reminder policy": {"admin": "CRUD", "seller": "R"},
    "step of a reminder policy": {"admin": "CRUD", "seller": "R"},
    "closed days of reminders": {"admin": "CRUD", "seller": "R"},
    "pause of reminders": {"admin": "CRUD"},
    # Only the proofs of a letter are typed.
    "reminder": {"admin": "RU"},
    "planned movement": {"admin": "CRUD"},
    "collection file": {"admin": "CRUD"},
    "own legal mention": {
        "admin": "CRUD",
        "nocode": "R",
        "automation": "R",
        "seller": "R",
    },
    # The sentence is common to all companies, its effect is each company's.
    "compliance rule": {
        "admin": "RU",
        "nocode": "R",
        "automation": "R",
        "seller": "R",
        "other_company": "RU",
    },
    "threshold of the small business exemption": {
        "admin": "R",
        "nocode": "R",
        "automation": "R",
        "seller": "R",
        "other_company": "R",
    },
    # Law, common to all companies; who keeps the books keeps the table.
    "limit of payment terms": {
        "admin": "CRUD",
        "nocode": "R",
        "automation": "R",
        "seller": "R",
        "other_company": "CRUD",
    },
    "signature request": {"admin": "CRUD", "seller": "C"},
    "document to sign": {"admin": "CRUD"},
    "signer": {"admin": "CRUD"},
    "field to sign": {"admin": "CRUD"},
    # Written by the engine, never changed by anybody.
    "evidence of a signature": {"admin": "R"},
    "signature template": {"admin": "CRUD", "nocode": "CRUD", "seller": "R"},
    "role of a signature template": {"admin": "CRUD", "nocode": "CRUD", "seller": "R"},
    "field of a signature template": {"admin": "CRUD", "nocode": "CRUD", "seller": "R"},
    "sending of a signature template": {"admin": "CRUD", "seller": "C"},
    "certificate for signatures": {"admin": "CRUD"},
    # What was sent is a proof: kept by the quotation, changed by nobody.
    "version of a quotation": {"admin": "R", "seller": "R"},
    "follow-up of a quotation": {"admin": "R", "seller": "R"},
    "sending of a quotation for signature": {"admin": "CRUD", "seller": "C"},
    "signer of a quotation": {"admin": "CRUD"},
    "document template": {"admin": "CRUD", "nocode": "CRUD", "seller": "R"},
    # Written by saving a template, by making a document, by sharing it, by a visitor.
    "version of a document template": {"admin": "R", "nocode": "R", "seller": "R"},
    "document": {"admin": "R", "seller": "R"},
    "link to a document": {"admin": "R", "seller": "R"},
    "visit of a document": {"admin": "R", "seller": "R"},
    # Written by the engine; what makes a score is the administrators'.
    "version of the score": {"admin": "R"},
    "criterion of the score": {"admin": "CRUD"},
    "score of a client": {"admin": "R", "seller": "R"},
    "notice of hot deals": {"seller": "R"},
    "deal that waits for its score": {},
    # Who answers, and what it may cost, is each company's; the catalogue is not.
    "AI feature": {
        "admin": "RU",
        "nocode": "R",
        "automation": "R",
        "seller": "R",
        "other_company": "RU",
    },
    "model of an AI feature": {"admin": "CRUD"},
    "AI budget": {"admin": "CRUD"},
    # Everybody sees their own; written by the engine.
    "AI answer": {"admin": "R"},
    "AI figures": {"admin": "R"},
    "texts of an AI answer": {"admin": "CR"},
    "export of the AI register": {"admin": "CRU"},
    "prompt": {"admin": "CRUD", "nocode": "CRUD", "other_company": "CRUD"},
    "input of a prompt": {"admin": "CRUD", "nocode": "CRUD", "other_company": "CRUD"},
    "version of a prompt": {"admin": "CRUD", "nocode": "CRUD", "other_company": "CRUD"},
    "regression case of a prompt": {
        "admin": "CRUD",
        "nocode": "CRUD",
        "other_company": "CRUD",
    },
    "run of a regression case": {"admin": "R", "nocode": "R", "other_company": "R"},
    "preview of a prompt": {"admin": "CRU", "nocode": "C", "other_company": "C"},
    # Proposed by the system, answered by buttons.
    "next action": {"admin": "R", "seller": "R"},
    "rule of next actions": {"admin": "CRUD", "seller": "R"},
    "remembered probability": {"admin": "R"},
    "summary of a meeting": {"admin": "CRUD", "seller": "CRU"},
    # The lines of a summary are reviewed by whoever may change its deal.
    "line of a summary": {"admin": "CRUD", "seller": "CRUD"},
    "chunk of a recording": {"admin": "R", "seller": "R"},
    "suggestion of the copilot": {"admin": "R", "seller": "R"},
    # It holds what its author may read: nobody else opens it.
    "analysis of the pipeline": {"admin": "R"},
    "batch of follow-ups": {"admin": "CRU", "seller": "C"},
    "follow-up of a deal": {"admin": "CRU"},
    "log of a visit": {"admin": "CRUD", "seller": "C", "other_company": "C"},
    "dismissal of a next action": {
        "admin": "CRUD",
        "seller": "C",
        "other_company": "C",
    },
    # The system writes it for who asked; nobody else opens it.
    "proposal of a product": {},
    # What a person asks the assistant is read by that person only.
    "question to the assistant": {"seller": "R"},
    "proposal of the assistant": {"seller": "R"},
    "payment provider": {},
    "payment transaction": {},
    "job": {},
    "system parameter": {},
    # Odoo shows all internal users to each other, so that they can be chosen.
    "user": {
        "admin": "R",
        "nocode": "R",
        "automation": "R",
        "seller": "R",
        "other_company": "R",
    },
    "client": {"admin": "CRU", "nocode": "R", "automation": "R", "seller": "CRU"},
}
SECRETS = ("stripe_secret_key", "stripe_webhook_secret")
MASKS = (False, "********")


@pytest.fixture(scope="module")
def office(site, stripe):
    return Office(site, stripe)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", MATRIX)
def test_role(office, role, name):
    assert office.try_all(role, name) == MATRIX[name].get(role, "")


@pytest.mark.parametrize("role", ROLES)
def test_no_role_reads_a_secret(office, role):
    """Whatever the road, what comes back is nothing or the mask."""
    rpc, res_id = office.roles[role], office.business.connection_id
    plain = [office.business.keys[name] for name in SECRETS]
    roads = [
        ("read", [[res_id], list(SECRETS)]),
        ("search_read", [[("id", "=", res_id)], list(SECRETS)]),
        ("web_read", [[res_id], {name: {} for name in SECRETS}]),
        ("export_data", [[res_id], list(SECRETS)]),
        ("formatted_read_group", [[("id", "=", res_id)], [SECRETS[0]], ["__count"]]),
        ("search", [[(SECRETS[0], "=like", "sk_test_%")]]),
    ]
    for method, args in roads:
        try:
            answer = rpc.call("crm.connection", method, *args)
        except RpcError as error:
            answer = str(error)
        assert not any(secret in str(answer) for secret in plain), method
        if method == "read" and isinstance(answer, list):
            assert all(answer[0][name] in MASKS for name in SECRETS)
        if method == "search":
            assert not answer or isinstance(answer, str)
