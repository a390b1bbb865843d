from . import account_move_reversal
from . import crm_fr_numbering_wizard
from . import crm_fr_setup
from . import l10n_fr_fec_export_wizard
from . import crm_register_hit
from . import crm_register_lookup
