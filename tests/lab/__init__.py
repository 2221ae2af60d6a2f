"""Real targets in Linux namespaces: up in seconds, and nothing is left on the machine."""

from tests.lab.lab import Lab
from tests.lab.spec import Fault, TargetSpec

__all__ = ["Fault", "Lab", "TargetSpec"]
