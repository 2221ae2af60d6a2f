"""Start Chromium so that it keeps nothing, asks nobody, and has one way out: the relay."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditor.collect.browser_order import Order

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SETPRIV = "/usr/bin/setpriv"
START = 20.0
"""Seconds that Chromium may take to start."""
_UNWANTED = (
    "AsyncDns",
    "AutofillServerCommunication",
    "BackForwardCache",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "DnsOverHttps",
    "HttpsUpgrades",
    "InterestFeedContentSuggestions",
    "LensOverlay",
    "LoadingPredictorUseOptimizationGuide",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationGuideModelDownloading",
    "OptimizationHints",
    "OptimizationTargetPrediction",
    "Prerender2",
    "Translate",
)
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--deny-permission-prompts",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-gpu",
    "--disable-quic",
    "--disable-speech-api",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--hide-scrollbars",
    "--ignore-certificate-errors",
    "--lang=id",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--safebrowsing-disable-auto-update",
    "--use-mock-keychain",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--disable-features={','.join(_UNWANTED)}",
)
"""Names are resolved by the relay alone: the browser's own resolver knows none."""

PREFERENCES: Mapping[str, object] = {
    "alternate_error_pages": {"enabled": False},
    "credentials_enable_service": False,
    "net": {"network_prediction_options": 2},
    "profile": {"cookie_controls_mode": 0},
    "safebrowsing": {"enabled": False},
    "search": {"suggest_enabled": False},
    "signin": {"allowed": False},
    "translate": {"enabled": False},
}
"""Nothing is asked ahead; third-party cookies are kept, as a visitor's ordinary window does."""


def command(order: Order, *, sandbox: bool) -> list[str]:
    """Return Chromium's command line, below a change of user where there is one."""
    change = []
    if order.user is not None:
        user = str(order.user)
        change = [SETPRIV, f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
    return [
        *change,
        order.chromium,
        *_FLAGS,
        f"--user-data-dir={order.folder}",
        f"--proxy-server=socks5://127.0.0.1:{order.relay}",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        *([] if sandbox else ["--no-sandbox"]),
        "about:blank",
    ]


def environment(folder: str) -> dict[str, str | float | bool]:
    """Return all that Chromium knows of its surroundings: no secret of the auditor's is in it."""
    home = ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        **dict.fromkeys(home, folder),
    }


@contextmanager
def running(order: Order) -> Iterator[tuple["Browser", bool]]:
    """Start Chromium and give it with whether its sandbox is on; end it afterwards.

    Where the system does not allow its sandbox, it runs without one, but never as root: the order
    names another user then. Raises playwright's errors.
    """
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as driver:

        def start(*, sandbox: bool) -> "Browser":
            first, *rest = command(order, sandbox=sandbox)
            return driver.chromium.launch(
                executable_path=first,
                args=rest,
                ignore_default_args=True,
                env=environment(order.folder),
                timeout=START * 1000,
            )

        sandbox = True
        try:
            browser = start(sandbox=True)
        except Error as error:
            root = order.user is None and os.geteuid() == 0
            if root or "sandbox" not in str(error).lower():
                raise
            sandbox = False
            browser = start(sandbox=False)
        try:
            yield browser, sandbox
        finally:
            browser.close()
