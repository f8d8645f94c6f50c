// A detection beside its instance, drawn small: what is covered, what is missing, what sticks out.

import { clockText } from "./time_axis.js";

const WIDTH = 390;
const HEIGHT = 84;
const LEFT = 64; // room for the names
const BAR = 16;
const ROWS = { instance: 12, detection: 36 };

/** @param {{start, end}} instance  @param {{start, end}} detection  @param {string} source  branch of the detection
 *  @returns {SVGElement} */
export function pairDiagram(instance, detection, source) {
  const first = Math.min(instance.start, detection.start);
  const last = Math.max(instance.end, detection.end);
  const margin = 0.06 * (last - first);
  const toX = (time) => LEFT + ((time - first + margin) / (last - first + 2 * margin)) * (WIDTH - LEFT);
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: `pd-diagram tl-${source}`, role: "img", "aria-label": "the detection beside its instance" });
  const overlap = { start: Math.max(instance.start, detection.start), end: Math.min(instance.end, detection.end) };
  if (overlap.end > overlap.start) {
    svg.append(node("rect", { class: "pd-shared", x: toX(overlap.start), width: toX(overlap.end) - toX(overlap.start), y: 4, height: ROWS.detection + BAR }));
  }
  for (const [name, row] of Object.entries({ instance, detection })) {
    const top = ROWS[name];
    svg.append(text(0, top + BAR - 4, name));
    svg.append(node("rect", { class: `pd-${name}`, x: toX(row.start), width: Math.max(2, toX(row.end) - toX(row.start)), y: top, height: BAR }));
  }
  for (const time of [instance.start, instance.end]) {
    svg.append(node("line", { class: "pd-edge", x1: toX(time), x2: toX(time), y1: 6, y2: ROWS.detection + BAR + 6 }));
  }
  const ends = [[detection.start, "start"], [detection.end, "end"]];
  for (const [time, anchor] of ends) svg.append(text(toX(time), HEIGHT - 12, clockText(time, 1), { "text-anchor": anchor, class: "pd-time" }));
  return svg;
}

function text(x, y, words, attributes = {}) {
  const label = node("text", { x, y, ...attributes });
  label.textContent = words;
  return label;
}

function node(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
