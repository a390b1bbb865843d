from . import collection_reports
from . import late_interest_report
