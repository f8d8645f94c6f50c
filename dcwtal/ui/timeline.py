"""Timeline: the synchronised video and tracks, one gr.HTML component (its page side is ``static/timeline.js``)."""

from typing import Any

import gradio as gr

from dcwtal.ui.routes import PREFIX, script_url
from dcwtal.ui.static_files import static_text

# gr.HTML runs this once; everything else lives in modules, which it loads from our own routes.
ON_LOAD = f"""
import('{script_url("timeline.js")}')
  .then((timeline) => timeline.mountTimeline(element, {{ props, watch, plotlyUrl: '{PREFIX}/plotly.min.js' }}))
  .catch((error) => {{ console.error(error); element.querySelector('.tl-message').textContent = String(error); }});
"""


class Timeline(gr.HTML):
    """``value``: what to show, as :func:`dcwtal.ui.explore_view.timeline_value` makes it; never bulk data.

    Used as a context (``with Timeline(...):``), its children become the side panel.
    """

    def __init__(self, value: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(
            value=value,
            html_template=static_text("timeline.html"),
            js_on_load=ON_LOAD,
            apply_default_css=False,
            **kwargs,
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """Keep the dict as it is."""
        return value

    def api_info(self) -> dict[str, Any]:
        """For Gradio's API page."""
        return {"type": "object"}
