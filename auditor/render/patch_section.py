"""The patch level on a target's page: as many rows as a page can carry, the rest counted."""

import jinja2
from markupsafe import Markup

from auditor.report.patch import Level

ACTIONS = 150
"""Rows of updates and restarts."""
ROWS = 200
"""Lines of each list below them."""
CVES = 40
"""Weaknesses that a row names."""


def section(environment: jinja2.Environment, level: Level) -> Markup:
    """Return the section; everything in it is escaped by the templates."""
    page = environment.get_template("patch_target.html.j2").render(
        level=level,
        shown=level.actions[:ACTIONS],
        counts=sorted(level.patches.verdicts.items()) if level.patches else (),
        most=ROWS,
        cves=CVES,
    )
    return Markup(page)  # noqa: S704 - autoescaped
