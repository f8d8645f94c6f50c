"""ExplorePage: the Explore room, one gr.HTML component (its page side is ``static/explore.js``)."""

from typing import Any

import gradio as gr

from dcwtal.ui.route_answers import PREFIX
from dcwtal.ui.routes import script_url
from dcwtal.ui.static_files import static_text

# gr.HTML runs this once; everything else lives in modules, which it loads from our own routes.
ON_LOAD = f"""
import('{script_url("explore.js")}')
  .then((explore) => explore.mountExplore(element, {{ props, watch, plotlyUrl: '{PREFIX}/plotly.min.js' }}))
  .catch((error) => {{ console.error(error); element.querySelector('.tl-message').textContent = String(error); }});
"""


class ExplorePage(gr.HTML):
    """The page looks after itself; ``value`` ``{"run", "video"}`` tells it of a video that somebody just opened.

    Used as a context (``with ExplorePage(...):``), its children stand in the head of the page.
    """

    def __init__(self, value: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(
            value=value,
            html_template=static_text("explore.html"),
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
