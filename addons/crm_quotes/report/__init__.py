from . import comparison_report
