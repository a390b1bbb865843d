from . import crm_ai_task
