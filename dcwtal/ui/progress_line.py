"""ProgressLine: one line of text with a bar; what it says is only ever put in as text."""

from typing import Any

import gradio as gr

TEMPLATE = """
<div class="dcw-progress" role="status"><progress max="1" hidden></progress><span></span></div>
"""
ON_LOAD = """
const bar = element.querySelector('progress');
const text = element.querySelector('span');
const show = () => {
  const value = props.value || {};
  const running = typeof value.share === 'number';
  bar.hidden = !running;
  if (running) bar.value = value.share;
  text.textContent = value.text || '';
  text.parentElement.setAttribute('role', value.failed ? 'alert' : 'status');
  text.parentElement.classList.toggle('dcw-failed', Boolean(value.failed));
};
watch('value', show);
show();
"""


class ProgressLine(gr.HTML):
    """``value``: ``{"text", "share": 0…1 or None, "failed": bool}``."""

    def __init__(self, value: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(
            value=value, html_template=TEMPLATE, js_on_load=ON_LOAD, apply_default_css=False, **kwargs
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """Keep the dict as it is."""
        return value

    def api_info(self) -> dict[str, Any]:
        """For Gradio's API page."""
        return {"type": "object"}
