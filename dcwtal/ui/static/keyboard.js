// Keys of the whole page, left alone while the person types or drives another control with the keyboard.
// A button or a choice that was just clicked with the mouse has the focus too, but not the person's attention: then
// Space and the arrows still belong to the video.

const TYPED_INTO = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true], [role=listbox], dialog";
const CHOSEN_BY_KEYS = "input[type=radio], input[type=checkbox]";
const PRESSED_BY_KEYS = "button, a, summary, [role=button], [role=tab]";
const ZOOM = 1.5;

/** @param {{element, host, axis, step(frames), jump(seconds), toggle(), zoomAtPlayhead(factor), zoomOut(), seek(time)}} timeline */
export function listenToKeys(timeline, signal) {
  const actions = {
    " ": () => timeline.toggle(),
    ArrowRight: (event) => (event.shiftKey ? timeline.jump(1) : timeline.step(1)),
    ArrowLeft: (event) => (event.shiftKey ? timeline.jump(-1) : timeline.step(-1)),
    "+": () => timeline.zoomAtPlayhead(1 / ZOOM),
    "=": () => timeline.zoomAtPlayhead(1 / ZOOM),
    "-": () => timeline.zoomAtPlayhead(ZOOM),
    0: () => timeline.zoomOut(),
    Home: () => timeline.seek(0),
    End: () => timeline.seek(timeline.axis.duration),
  };
  let byMouse = false; // how the focus last moved
  document.addEventListener("pointerdown", () => (byMouse = true), { signal, capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") byMouse = false;
    const action = actions[event.key];
    if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!timeline.element.isConnected || belongsToAnother(event, timeline.host, byMouse)) return;
    event.preventDefault();
    action(event);
  }, { signal });
}

function belongsToAnother(event, host, byMouse) {
  const { target } = event;
  if (!(target instanceof Element) || host.contains(target)) return false;
  if (target.closest(TYPED_INTO)) return true;
  if (byMouse) return false;
  if (target.closest(CHOSEN_BY_KEYS)) return true;
  return Boolean(target.closest(PRESSED_BY_KEYS)) && event.key === " ";
}
