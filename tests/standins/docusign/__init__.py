"""A local server that behaves like DocuSign for the calls this project makes.

From the top of the checkout: ``python -m tests.standins.docusign --port 12121``.
In a test: ``with DocusignStandin() as standin: ...`` (a free port on 127.0.0.1).
It needs pypdf, reportlab and cryptography, which the suite installs anyway.
"""

from .keys import make_keys
from .server import DocusignStandin

__all__ = ["DocusignStandin", "make_keys"]
