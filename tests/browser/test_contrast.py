"""Every word on the page stands out from what is behind it (WCAG 2 AA), in light and dark, in every panel."""

import pytest

pytestmark = pytest.mark.browser

# Text nodes in view whose contrast with the nearest opaque ground is too low. Disabled controls are exempt.
TOO_FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((v, i) => (i === 3 ? v / 255 : v));
  };
  const over = (top, ground) => ground.map((v, i) => (i === 3 ? 1 : top[i] * top[3] + v * (1 - top[3])));
  const groundOf = (element) => {
    if (!element) return rgba(getComputedStyle(document.body).backgroundColor);
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, groundOf(element.parentElement));
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const faint = [];
  const walker = document.createTreeWalker(document.querySelector("#timeline"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!text || !seen) continue;
    if (element.closest(":disabled, [aria-disabled=true], option, .tl-message, [inert]")) continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const ink = over(rgba(style.color), ground);
    const [high, low] = [light(ink), light(ground)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)} ${element.className} "${text.slice(0, 30)}"`);
  }
  return [...new Set(faint)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out(page, scheme):
    page.tab.emulate_media(color_scheme=scheme)
    page.open("?video=clip_even&stage=F1&set=theta_loc=0.7&vs=run~warmup~same~split")
    faint = {}
    for panel in ("video", "what-if", "why", "completeness", "compare"):
        page.tab.locator(f"#tab-{panel}").click()
        page.until(f"s.panel === '{panel}'")
        page.tab.wait_for_timeout(400)
        faint[panel] = page.tab.evaluate(TOO_FAINT)
    page.tab.keyboard.press("v")
    page.until("s.sheet === 'videos'")
    page.tab.wait_for_timeout(400)
    faint["videos"] = page.tab.evaluate(TOO_FAINT)
    page.tab.keyboard.press("Escape")
    page.tab.keyboard.press("?")
    faint["keys"] = page.tab.evaluate(TOO_FAINT)
    assert not any(faint.values()), faint
    page.tab.evaluate(
        "document.querySelector('.tl-legend').append(Object.assign(document.createElement('b'), "
        "{ textContent: 'too faint', style: 'color: var(--dcw-grid)' }))"
    )
    (found,) = page.tab.evaluate(TOO_FAINT)
    assert "too faint" in found, "the check sees nothing"
