from . import late_interest_report
