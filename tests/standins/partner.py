"""A stand-in with accounts, an API and events."""

import time

from .delivery import Delivery
from .serving import Standin
from .state import State


class Partner(Standin):
    """A `Standin` that remembers what happened and tells others of it.

    :cvar state_class: `State` or more
    """

    state_class = State

    def __init__(self, port=0, host="127.0.0.1", now=time.time):
        super().__init__(port, host)
        self.state = self.state_class(now)
        self.state.base_url = self.base_url
        self.delivery = Delivery(self.state.settings, f"{self.name}-webhooks")

    def stop(self):
        self.delivery.stop()
        super().stop()
