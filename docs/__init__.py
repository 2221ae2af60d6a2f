"""Pages about the auditor, and what makes those that the code gives."""
