from . import crm_sign_request
from . import crm_sign_signer
from . import crm_sign_template_role
