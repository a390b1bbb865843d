"""Pure decisions of billing: no ORM, no clock, no network."""
