from . import test_ticket_holds_back
