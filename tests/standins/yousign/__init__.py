"""A local server that behaves like Yousign's API v3 for the calls this project makes.

Standard library only. From the top of the checkout:
``python -m tests.standins.yousign --port 12112 --key yousign_standin``.
In a test: ``with YousignStandin() as standin: ...`` (a free port on 127.0.0.1); its
API is under ``standin.api_url``.
"""

from .server import YousignStandin

__all__ = ["YousignStandin"]
