"""What outlives the process: accounts with their objects and events, as JSON.

A trial is stopped and started again; a payment page made yesterday must still be
payable, or be known as expired, as with the real service. Answers kept for
idempotency and planned deliveries are not kept.
"""

import json
import os

_KEPT_BY_OPTIONS = "webhook_endpoint"


def save(state, path):
    """Write everything at once: a reader finds the old file or the new one."""
    with state.lock:
        accounts = {
            key: {
                "id": account.id,
                "objects": account.objects,
                "events": account.events,
            }
            for key, account in state.accounts.items()
        }
        text = json.dumps(accounts)
    draft = f"{path}.draft"
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)


def load(state, path):
    """Fill the accounts that were declared; a missing or broken file is no memory."""
    try:
        with open(path, encoding="utf-8") as file:
            accounts = json.load(file)
    except (OSError, ValueError):
        return
    with state.lock:
        for key, kept in accounts.items():
            if account := state.accounts.get(key):
                account.id = kept["id"]
                account.events = kept["events"]
                declared = account.objects.get(_KEPT_BY_OPTIONS, {})
                account.objects = {**kept["objects"], _KEPT_BY_OPTIONS: declared}
