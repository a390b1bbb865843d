"""Limits of the addon."""

# Larger files are fetched through the link: mailboxes refuse them.
MAX_ATTACHED_BYTES = 8_000_000
