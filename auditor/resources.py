"""Find the checks, policies and report templates that ship with the auditor."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

Kind = Literal["checks", "policies", "reports"]


def shipped(kind: Kind) -> Traversable:
    """Return the shipped `kind` folder: inside the wheel, or beside `auditor/` in a checkout."""
    packaged = files("auditor") / "_data" / kind
    if packaged.is_dir():
        return packaged
    return Path(__file__).parent.parent / kind
