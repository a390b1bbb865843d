from . import test_reminder_by_sms
