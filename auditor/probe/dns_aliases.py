"""Aliases (CNAME) of sites that lead to nothing: whoever takes the place speaks for the city."""

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_names import under
from auditor.probe.dns_talk import Talk, gap, look_up

MAX_SITES = 200
"""Names of sites under one domain that are looked up."""
SERVICES = (
    *("github.io", "gitlab.io", "bitbucket.io", "netlify.app", "vercel.app", "pages.dev"),
    *("herokuapp.com", "herokudns.com", "fly.dev", "onrender.com", "surge.sh", "web.app"),
    *("azurewebsites.net", "cloudapp.net", "cloudapp.azure.com", "trafficmanager.net"),
    *("blob.core.windows.net", "azureedge.net", "azurefd.net", "azure-api.net"),
    *("amazonaws.com", "elasticbeanstalk.com", "cloudfront.net", "firebaseapp.com"),
    *("pantheonsite.io", "wpengine.com", "wordpress.com", "myshopify.com", "ghost.io"),
    *("readthedocs.io", "zendesk.com", "helpscoutdocs.com", "statuspage.io", "webflow.io"),
)
"""Services where anyone can take a name that is free."""


def aliases(domain: str, sites: tuple[str, ...]) -> Talk[list[Record]]:
    """Return a record for each site under a domain, and for its www where there is one."""
    rows: list[Record] = []
    wanted = dict.fromkeys((*(site for site in sites if under(site, domain)), f"www.{domain}"))
    for number, site in enumerate(wanted):
        if number >= MAX_SITES:
            cut = {"why": Why.CUT, "detail": f"more than {MAX_SITES} names of sites"}
            return [*rows, {"site": site, GAP: cut}]
        row = yield from _alias(site)
        if site in sites or row.get("target") or GAP in row:
            rows.append(row)
    return rows


def _alias(site: str) -> Talk[Record]:
    try:
        answer = yield from look_up(site, "A")
    except Unseen as error:
        return {"site": site, GAP: gap(error)}
    target = answer.chain[-1] if answer.chain else ""
    dangling = bool(target) and not answer.exists
    return {
        "site": site,
        "target": target,
        "exists": answer.exists,
        "dangling": dangling,
        "service": service(target) if dangling else "",
    }


def service(target: str) -> str:
    """Return the service that a name belongs to, where anyone can take a free one, else ""."""
    return next((known for known in SERVICES if under(target, known)), "")
