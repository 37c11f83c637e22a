"""Says how to install the browser when the system has none."""

import shutil
import sys

if not (shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")):
    sys.exit(
        "The browser tests need the system's Chromium and a Japanese font. On Debian:\n"
        "  apt-get install chromium fonts-noto-cjk"
    )
