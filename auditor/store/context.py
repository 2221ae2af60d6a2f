"""What a run was judged by, kept with it so that its report needs nothing else."""

from auditor.model.base import TargetId, Value
from auditor.model.check import Check
from auditor.model.inventory import Inventory
from auditor.model.policy import Framework, Policy
from auditor.model.waiver import Waiver


class Context(Value, frozen=True):
    """Inventory, policies, checks and law as they were; `targets` are those that were chosen."""

    inventory: Inventory
    policies: tuple[Policy, ...]
    checks: tuple[Check, ...]
    frameworks: tuple[Framework, ...]
    targets: tuple[TargetId, ...]
    waivers: tuple[Waiver, ...] = ()
