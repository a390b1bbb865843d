"""A local server that answers like the public register of French companies.

Standard library only. ``python -m tests.standins.register --port 18200``, or in a
test: ``with RegisterStandin() as register: ...`` (a free port on 127.0.0.1).
"""

from .server import RegisterStandin, company

__all__ = ["RegisterStandin", "company"]
