"""The page's own files: complete, at home, and safe to put through gr.HTML's templates."""

import re

import pytest

from dcwtal.ui.progress_line import TEMPLATE
from dcwtal.ui.static_files import revision, static_files, static_text


def test_every_import_between_scripts_leads_to_a_script():
    seen = 0
    for name in static_files():
        for target in re.findall(r'from "\./([\w.]+)"', static_text(name)):
            assert target in static_files(), f"{name} imports {target}"
            seen += 1
    assert seen > 15


def test_every_script_is_reached_from_the_first():
    reached, waiting = set(), ["explore.js"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += re.findall(r'from "\./([\w.]+)"', static_text(name))
    assert reached == {name for name in static_files() if name.endswith(".js")}


def test_templates_hold_nothing_that_gradio_would_fill_in():
    for template in (static_text("explore.html"), TEMPLATE):
        assert not re.search(r"\$\{|\{\{|`|<script|\\", template)
    assert static_text("explore.html").count("@children") == 1


def test_nothing_refers_to_another_place():
    for name in static_files():
        text = static_text(name).replace("http://www.w3.org/2000/svg", "")  # a name, not a place
        assert not re.search(r"https?://|//[a-z]+\.|@import|url\(", text), name


def test_names_reach_the_page_as_text_only():
    for name in static_files():
        if name.endswith(".js"):
            forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b"
            assert not re.search(forbidden, static_text(name)), name


def test_colours_are_defined_for_light_and_dark():
    light, dark = static_text("studio.css").split(".dark {")[:2]
    defined = [set(re.findall(r"(--dcw-[a-z]+):", part.split("}")[0])) for part in (light, dark)]
    assert defined[0] == defined[1]
    used = {name for file in static_files() for name in re.findall(r"var\((--dcw-[a-z]+)", static_text(file))}
    assert used <= defined[0], used - defined[0]
    palette = re.search(r"NAMES = \[(.*?)\]", static_text("palette.js"), re.S).group(1)
    assert {f"--dcw-{name}" for name in re.findall(r'"(\w+)"', palette)} <= defined[0]


@pytest.mark.parametrize("background", ["light", "dark"])
def test_lines_and_text_stand_out(background):
    part = static_text("studio.css").split(".dark {")[background == "dark"].split("}")[0]
    colours = dict(re.findall(r"--dcw-([a-z]+): (#[0-9a-f]{6})", part))
    for name, least in [("ink", 7), ("muted", 4.5), ("cbp", 4.5), ("vlp", 4), ("fused", 7), ("truth", 4.5)]:
        assert contrast(colours[name], colours["surface"]) >= least, name
    for name in ("high", "low", "loc"):  # the grips of the thresholds carry text
        assert contrast(colours["surface"], colours[name]) >= 4.5, name
    for name in ("hit", "alarm", "miss"):
        assert contrast(colours[name], colours["surface"]) >= 3, name


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as the accessibility guidelines define it."""
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_revision_names_the_content():
    assert re.fullmatch("[0-9a-f]{12}", revision())
