// Colours come from the style sheet, so that light and dark differ in one place only.

const NAMES = ["cbp", "vlp", "fused", "truth", "ink", "muted", "grid", "uncertain", "background", "surface", "high", "low", "hit", "alarm", "miss", "changed"];

/** The `--dcw-*` colours in force at an element. */
export function readPalette(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--dcw-${name}`).trim()]));
}

/** Call `onChange` when the page switches between light and dark. */
export function watchTheme(onChange) {
  const observer = new MutationObserver(onChange);
  for (const node of [document.body, document.documentElement]) {
    observer.observe(node, { attributes: true, attributeFilter: ["class"] });
  }
  return observer;
}
