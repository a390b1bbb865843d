"""Routes under /_standin/ that steer a stand-in; JSON in, JSON out."""

import dataclasses

from .calls import Refusal
from .faults import Fault


class WrongWish(Refusal):
    """The back door does not know what is asked of it."""

    def body(self):
        return {"error": {"message": str(self)}}


class Backdoor:
    """What a test or a demo may do behind the back of the application.

    :cvar fault_kinds: what calls may meet, see `faults`
    """

    fault_kinds = ()

    def __init__(self, state, delivery):
        self.state = state
        self.delivery = delivery
        self._routes = {
            ("GET", "requests"): self.get_requests,
            ("GET", "deliveries"): self.get_deliveries,
            ("POST", "settings"): self.change_settings,
            ("POST", "faults"): self.add_fault,
            ("POST", "release"): self.release,
            ("POST", "reset"): self.reset,
            **self.routes(),
        }

    def routes(self):
        """What this stand-in has beside: (method, name) -> action on its values."""
        return {}

    def call(self, method, name, values):
        """:raise Refusal: with the answer to give"""
        action = self._routes.get((method, name))
        if action is None:
            raise WrongWish(f"No stand-in route {method} {name}", status=404)
        with self.state.lock:
            answer = action(values)
        return {"data": answer} if isinstance(answer, list) else answer

    def get_requests(self, values):
        return list(self.state.requests)

    def get_deliveries(self, values):
        return list(self.delivery.log)

    def change_settings(self, values):
        known = {item.name for item in dataclasses.fields(self.state.settings)}
        for name, value in values.items():
            if name not in known:
                raise WrongWish(f"Unknown setting: {name}")
            setattr(self.state.settings, name, value)
        return dataclasses.asdict(self.state.settings)

    def add_fault(self, values):
        if values.get("kind") not in self.fault_kinds:
            raise WrongWish(f"Unknown kind of fault: {values.get('kind')}")
        self.state.faults.append(Fault(**values))
        return {"faults": [dataclasses.asdict(item) for item in self.state.faults]}

    def release(self, values):
        """Deliver what was held back: ``reverse``, each in ``copies``."""
        self.state.settings.hold_webhooks = False
        count = self.delivery.release(
            reverse=bool(values.get("reverse")), copies=int(values.get("copies", 1))
        )
        return {"count": count}

    def reset(self, values):
        self.state.reset()
        self.delivery.forget()
        return {"reset": True}
