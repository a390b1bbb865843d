"""A time stamp service (RFC 3161) on 127.0.0.1, with its own authority and list."""

from .server import TimeStampStandin

__all__ = ["TimeStampStandin"]
