from . import crm_document_wizard
from . import crm_document_wizard_make
from . import crm_document_wizard_option
from . import crm_document_wizard_missing
from . import crm_document_share_wizard
from . import crm_document_share_link
