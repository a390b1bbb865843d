from . import crm_fr_numbering_wizard
from . import crm_fr_setup
