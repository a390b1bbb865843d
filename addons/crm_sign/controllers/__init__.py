from . import check
from . import sign
