from . import crm_connection
from . import crm_connection_account
from . import crm_connection_calls
from . import crm_connection_connect
from . import crm_connection_sign
from . import crm_sign_request
from . import crm_sign_signer
