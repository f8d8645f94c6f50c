// Keys of the whole page, left alone while the person types or drives another control with the keyboard.
// A button or a choice that was just clicked with the mouse has the focus too, but not the person's attention: then
// Space and the arrows still belong to the video.

import { bindings } from "./key_table.js";

const TYPED_INTO = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true], dialog";
const WALKED_BY_KEYS = "[role=listbox], [role=grid]";
const CHOSEN_BY_KEYS = "input[type=radio], input[type=checkbox]";
const PRESSED_BY_KEYS = "button, a, summary, [role=button], [role=tab]";
const OPENED = "[role=dialog]"; // whoever opened a panel is busy with it, however they press its buttons
const SLID_BY_KEYS = "input[type=range]";
const PRESSING = ["Space", "Enter"];
const CHOOSING = ["Space", "ArrowLeft", "ArrowRight"];
const SLIDING = ["ArrowLeft", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowRight", "Home", "End"];

/** @param {object} room  see explore.js */
export function listenToKeys(room, signal) {
  const { timeline } = room;
  const keys = bindings();
  let byMouse = false; // how the focus last moved
  document.addEventListener("pointerdown", () => (byMouse = true), { signal, capture: true });
  // A list that the mouse chose from keeps the focus, and would swallow every letter.
  document.addEventListener("change", ({ target }) => byMouse && target instanceof HTMLSelectElement && timeline.element.contains(target) && target.blur(), { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") byMouse = false;
    const chord = chordOf(event);
    const found = keys.get(chord);
    if (!found || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!timeline.element.isConnected || belongsToAnother(event.target, chord, timeline.host, byMouse)) return;
    if (event.repeat && !found.repeats) event.preventDefault();
    else if (found.act(room) !== false) event.preventDefault();
  }, { signal });
}

/** How key_table.js calls a key: "Space", "D", "Shift+D", "Shift+ArrowLeft", "?". Shift counts where it does not make another sign. */
export function chordOf({ key, code = "", shiftKey }) {
  const foreign = key.length === 1 && key.charCodeAt(0) > 127 && /^Key[A-Z]$/.test(code); // another alphabet: the key's place
  const letter = /^[a-z]$/i.test(key) ? key.toUpperCase() : foreign ? code[3] : "";
  if (key === " ") return "Space";
  const named = letter || (key.length > 1 ? key : "");
  return named ? `${shiftKey ? "Shift+" : ""}${named}` : key;
}

function belongsToAnother(target, chord, host, byMouse) {
  if (!(target instanceof Element) || host === target) return false;
  if (target.closest(TYPED_INTO)) return true;
  if (target.closest(WALKED_BY_KEYS)) return chord !== "?";
  if (target.closest(SLID_BY_KEYS)) return SLIDING.includes(chord);
  if (chord === "Enter" && target.closest(PRESSED_BY_KEYS)) return true;
  if ((byMouse && !target.closest(OPENED)) || host.contains(target)) return false;
  if (target.closest(CHOSEN_BY_KEYS)) return CHOOSING.includes(chord);
  return Boolean(target.closest(PRESSED_BY_KEYS)) && PRESSING.includes(chord);
}
