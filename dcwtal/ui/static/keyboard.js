// Keys of the whole page, left alone while the person types or drives another control.

const OWN_KEYS = "input, textarea, select, [contenteditable=true], [role=listbox], [role=option], dialog";
const ZOOM = 1.5;

/** @param {{element, host, step(frames), jump(seconds), toggle(), zoomAtPlayhead(factor), zoomOut(), seek(time)}} timeline */
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
  document.addEventListener("keydown", (event) => {
    const action = actions[event.key];
    if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!timeline.element.isConnected || belongsToAnother(event, timeline.host)) return;
    event.preventDefault();
    action(event);
  }, { signal });
}

function belongsToAnother(event, host) {
  const { target } = event;
  if (!(target instanceof Element) || host.contains(target)) return false;
  if (target.closest(OWN_KEYS)) return true;
  const pressable = target.closest("button, a, summary, [role=button], [role=tab]");
  return Boolean(pressable) && [" ", "Enter"].includes(event.key);
}
