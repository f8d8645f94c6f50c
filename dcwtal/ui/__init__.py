"""The studio's pages. Whatever imports gradio from here finds its telemetry off: nothing talks to the network."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # must be set before gradio is imported
os.environ.setdefault("HF_HUB_OFFLINE", "1")
