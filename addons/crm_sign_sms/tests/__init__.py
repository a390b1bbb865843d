from . import test_code_by_sms
