"""What the assistant answers."""

from pydantic import BaseModel


class AssistantAnswer(BaseModel):
    """An answer in French.

    Records are named by their handle, `[AFFAIRE_12]`: see `references`.
    """

    text: str = ""
