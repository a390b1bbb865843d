"""Routes under /_standin/ that steer the stand-in; JSON in, JSON out."""

from ..backdoor import Backdoor, WrongWish
from ..faults import TRANSPORT
from .errors import ANSWERS, REFUSALS

_SCRIPT = {"match", "text", "json", "calls", "end", "times"}


class Admin(Backdoor):
    """What a test or a demo may make the models say."""

    fault_kinds = (*REFUSALS, *ANSWERS, *TRANSPORT)

    def routes(self):
        return {
            ("POST", "script"): self.add_script,
            ("POST", "transcript"): self.add_transcript,
        }

    def add_script(self, values):
        """The next answer that fits.

        ``match``: regular expression searched in all that is asked (absent: any);
        ``text``, ``json`` or ``calls`` ([{name, arguments}]); ``end``: stop, length,
        refusal; ``times``: 1.
        """
        if unknown := set(values) - _SCRIPT:
            raise WrongWish(f"Unknown in a script: {', '.join(sorted(unknown))}")
        self.state.scripts.append({"times": 1, **values})
        return {"scripts": len(self.state.scripts)}

    def add_transcript(self, values):
        """What the next recording says: ``text`` or ``segments`` ([{text, start, end,
        speaker}])."""
        self.state.transcripts.append(values)
        return {"transcripts": len(self.state.transcripts)}
