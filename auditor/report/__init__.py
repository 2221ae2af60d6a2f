"""What a report says, as values: gathered in one pass over a run, then printed by `render`."""

from auditor.report.model import Problem, Summary
from auditor.report.patch_city import city
from auditor.report.summary import gather
from auditor.report.target import TargetPage, target_page

__all__ = ["Problem", "Summary", "TargetPage", "city", "gather", "target_page"]
