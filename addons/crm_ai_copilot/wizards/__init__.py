from . import crm_next_action_dismiss
from . import crm_upsell_proposal
from . import crm_visit_log
from . import mail_compose_message
from . import sms_composer
