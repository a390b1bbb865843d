"""The French accounting file (fichier des écritures comptables): read, judge, write.

LPF L47 A I and A47 A-1. Pure code: bytes in, findings out.
"""

from .checker import FecChecker, check_fec
from .findings import Finding, Options, Report
