"""Amounts of money as whole minor units (cents) of one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


@total_ordering
@dataclass(frozen=True)
class Money:
    """An amount; operations between different currencies are refused.

    :param minor: number of minor units, e.g. cents; negative for a debt
    :param currency: ISO 4217 code, e.g. ``EUR``
    :param decimals: minor digits of the currency: 2 for EUR, 0 for JPY, 3 for TND
    """

    minor: int
    currency: str
    decimals: int = 2

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError("minor must be a whole number")

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str, decimals: int = 2) -> Money:
        """Round a decimal amount to the currency, half away from zero.

        >>> Money.from_decimal(Decimal("2.675"), "EUR")
        Money(minor=268, currency='EUR', decimals=2)
        """
        if not isinstance(amount, Decimal):
            raise TypeError("amount must be a Decimal: floats are not exact")
        scaled = amount.scaleb(decimals).to_integral_value(ROUND_HALF_UP)
        return cls(int(scaled), currency, decimals)

    def to_decimal(self) -> Decimal:
        """Return the amount in the currency's unit, with all its decimals."""
        return Decimal(self.minor).scaleb(-self.decimals)

    def _same(self, other: Money) -> int:
        if (self.currency, self.decimals) != (other.currency, other.decimals):
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.minor

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor + self._same(other), self.currency, self.decimals)

    def __sub__(self, other: Money) -> Money:
        return self + -other if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency, self.decimals)

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return bool(self.minor)

    def format(
        self, symbol: str | None = None, *, mark: str = ",", group: str = NARROW_SPACE
    ) -> str:
        """Return the amount for French readers: ``1 234,50 EUR`` with fixed spaces.

        :param symbol: shown after the amount instead of the code
        """
        digits = f"{abs(self.to_decimal()):,.{self.decimals}f}"
        digits = digits.translate(str.maketrans({",": group, ".": mark}))
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{digits}{NO_BREAK_SPACE}{symbol or self.currency}"
