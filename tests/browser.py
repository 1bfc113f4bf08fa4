"""Where a Chromium is, and the words for when there is none."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_CHROMIUM = "no Chromium was found; install one, or say where it is: CHROMIUM=/path/to/chromium"


def chromium() -> str | None:
    """The path of the browser that the tests drive: `CHROMIUM`, else one that is installed."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)
