from . import fec
