"""Data-set numbers as the page shows them, and as the routes give them."""

import json
import urllib.request


def answer_of(page, route: str, body: dict) -> dict:
    """What a POST route of the first run says, asked by nobody in particular."""
    url = f"{page.address}gradio_api/dcwtal/runs/run/{route}"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def row(page, name: str, panel: str = ".ex-what-if") -> list[str]:
    """The cells of a row of the mAP table."""
    return page.tab.locator(f"{panel} .nv-map .{name} td").all_inner_texts()


def settle_numbers(page, panel: str = ".ex-what-if") -> None:
    """Wait until the numbers are those of the newest settings."""
    page.settle()
    page.tab.wait_for_timeout(200)  # longer than the pause before a question
    page.tab.wait_for_function(
        f"(() => {{ const p = document.querySelector('{panel}');"
        " return p && p.querySelector('.nv-map .nv-now') && !p.querySelector('.nv-stale'); })()",
        timeout=20_000,
    )


def expected_row(numbers: dict) -> list[str]:
    """mAP at each tIoU, then the averages, in percent with one digit."""
    return [f"{100 * value:.1f}" for value in [*numbers["map"], *numbers["average"].values()]]
