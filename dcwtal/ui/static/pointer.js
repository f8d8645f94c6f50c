// Mouse, pen and touch on the tracks: click seeks and selects, drag scrubs, Alt or middle drag pans, Ctrl + wheel zooms.

/**
 * @param {HTMLElement} host
 * @param {{axis, seek(time), pick(x, y), hover(time|null, x, y), moved()}} timeline  `moved` after the axis changed
 */
export function listenToPointer(host, timeline, signal) {
  const { axis } = timeline;
  let drag = null;
  const pixel = (event) => event.clientX - host.getBoundingClientRect().left - host.clientLeft;
  const height = (event) => event.clientY - host.getBoundingClientRect().top - host.clientTop;
  const inside = (x) => x >= axis.left - 4 && x <= axis.left + axis.width + 4;
  const clamped = (x) => Math.max(0, Math.min(axis.duration, axis.toTime(x)));
  const on = (name, handler, options) => host.addEventListener(name, handler, { signal, ...options });

  on("pointerdown", (event) => {
    const x = pixel(event);
    if (!inside(x) || event.button > 1) return;
    drag = event.button === 1 || event.altKey ? { x, start: axis.start } : "seek";
    host.setPointerCapture(event.pointerId);
    host.focus({ preventScroll: true });
    if (drag === "seek") {
      timeline.seek(clamped(x));
      timeline.pick(x, height(event));
    }
    event.preventDefault();
  });
  on("pointermove", (event) => {
    const x = pixel(event);
    if (drag === "seek") timeline.seek(clamped(x));
    else if (drag) {
      axis.show(drag.start - ((x - drag.x) / axis.width) * axis.span, axis.span);
      timeline.moved();
    }
    timeline.hover(inside(x) ? clamped(x) : null, x, height(event));
  });
  for (const name of ["pointerup", "pointercancel"]) on(name, () => (drag = null));
  on("pointerleave", () => timeline.hover(null, -1, -1));
  on("mousedown", (event) => event.button === 1 && event.preventDefault()); // no browser autoscroll
  on("wheel", (event) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (event.ctrlKey || event.metaKey) axis.zoom(Math.exp(event.deltaY * 0.002), axis.toTime(pixel(event)));
    else if (sideways && axis.zoomed) axis.pan(((event.deltaX || event.deltaY) / axis.width) * axis.span);
    else return;
    event.preventDefault();
    timeline.moved();
  }, { passive: false });
}
