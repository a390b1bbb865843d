"""What can go wrong between a report and its PDF.

A closed family: whoever prints decides on the class, never on the text.
"""


class PrintError(Exception):
    """Base of the family; the text is a technical cause, for the log."""


class EngineMissingError(PrintError):
    """There is no Chromium on this machine."""


class EngineStartError(PrintError):
    """Chromium is there but does not start."""


class EngineGoneError(PrintError):
    """The browser or its tab ended while it worked: another try may succeed."""


class EngineBusyError(PrintError):
    """Every place was taken for as long as we were ready to wait."""


class PrintTimeoutError(PrintError):
    """The document was not ready in time."""


class NoRoomError(PrintError):
    """Header, footer and margins leave no room for the text."""


class PrintRefusedError(PrintError):
    """Chromium answered no, for example to an order it does not know."""
