"""The templates of reports, with what all pages share: words, style, script, the page's policy."""

import base64
import hashlib
from typing import Any

import jinja2
from markupsafe import Markup

from auditor.model.base import Lang
from auditor.render.folder import MARK
from auditor.render.words import Words, breakable, brief, harmless, slug
from auditor.report.control_score import WORDS
from auditor.resources import shipped


def environment(words: Words, lang: Lang, **more: Any) -> jinja2.Environment:
    """Return the templates; everything that they print is escaped, inert and bounded."""
    root = shipped("reports")
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda n: (root / n).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
    )
    css = (root / "report.css").read_text(encoding="utf-8")
    js = (root / "report.js").read_text(encoding="utf-8")
    made.globals |= {
        "t": words.texts,
        "lang": lang,
        "slug": slug,
        "day": words.day,
        "moment": words.moment,
        "number": words.number,
        "percent": words.percent,
        "age": words.age,
        "late": words.late,
        "some": words.some,
        "why": words.why,
        "words": WORDS,
        "mark": MARK,
        "breakable": breakable,
        "brief": brief,
        "css": Markup(css),  # noqa: S704 - our own file
        "js": Markup(js),  # noqa: S704 - our own file
        "csp": _policy(css, js),
        **more,
    }
    return made


def _policy(css: str, js: str) -> str:
    """Return the Content-Security-Policy: our own style and script by their hash, nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
