"""The data that the auditor itself holds: fetched, verified, kept, loaded for a run."""

from auditor.feeds.database import FeedRow
from auditor.feeds.keep import load_feeds, status

__all__ = ["FeedRow", "load_feeds", "status"]
