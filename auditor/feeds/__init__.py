"""The data that the auditor itself holds: fetched, verified, kept, loaded for a run."""

from auditor.feeds.keep import Held, status
from auditor.feeds.library import open_library

__all__ = ["Held", "open_library", "status"]
