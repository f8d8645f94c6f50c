// The curves of all chosen classes and branches: colour by branch, line style by class. Drawn on the canvas, a bar a pixel
// column where snippets are dense, so that 20,000 of them cost as little as 2,000.

import { bar } from "./lane_shapes.js";

const WIDTH = { cbp: 1.75, vlp: 1.75, fused: 2.25 };
const LOWEST = 120;
const TALLEST = 300;
const AXIS_FONT = "500 10px system-ui, sans-serif";
const PAD = 5; // pixels above 1 and below 0, for thick lines

export const curvesLane = {
  id: "curves",
  name: "class scores",
  title: ({ classes }) => ["score of", classes.map(({ name }) => breakable(name)).join(", ")].join(" "),
  height: ({ room }) => Math.max(LOWEST, Math.min(TALLEST, room ?? LOWEST)),
  flexible: true,
  tall: true,
  keeps: ({ truth, main, classes, view, other }) => [truth, main.name, ...curvesShown([...(other?.classes || []), ...classes], view)],
  draw(context, box, scene) {
    const { axis, truth, palette, main, classes, other } = scene;
    for (const row of truth || []) {
      if (row.label === main.name) bar(context, axis, { ...row, top: box.top, height: box.height, fill: palette.truth, alpha: 0.13 });
    }
    for (const value of [0, 0.5, 1]) level(context, axis, toY(box, value), palette.grid);
    context.font = AXIS_FONT;
    context.fillStyle = palette.muted;
    context.textBaseline = "middle";
    for (const value of [0, 0.5, 1]) context.fillText(String(value), axis.left + 3, toY(box, value) + (value === 1 ? 7 : -6));
    for (const each of other?.classes || []) drawClass(context, box, scene, each, { scores: other.scores, faint: true });
    for (const each of [...classes].reverse()) drawClass(context, box, scene, each, { scores: scene.scores });
  },
};

/** The arrays that are drawn. */
export function curvesShown(classes, view) {
  return classes.flatMap(({ curves }) => view.curves.map((branch) => curves[branch]));
}

/** CleanAndJerk may break between its words. */
function breakable(name) {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, "\u200b");
}

/** Vertical place of a score inside the lane, and back. */
export function toY(box, score) {
  return box.top + PAD + (1 - score) * (box.height - 2 * PAD);
}

export function toScore(box, y) {
  return 1 - (y - box.top - PAD) / (box.height - 2 * PAD);
}

/** One class's curves of the chosen branches. `faint`: those compared with, dotted. */
export function drawClass(context, box, { axis, palette, view }, { curves, dash }, { scores, faint = false }) {
  const isDense = axis.span / scores.grid.step / axis.width > 2; // snippets a pixel
  for (const branch of view.curves) {
    const style = { color: palette[branch], width: faint ? 1.25 : WIDTH[branch], dash: faint ? [1.5, 3] : dash };
    context.globalAlpha = faint ? 0.75 : 1;
    (isDense ? drawColumns : drawLine)(context, box, axis, curves[branch], scores, style);
  }
  context.globalAlpha = 1;
}

/** Through the centres of the snippets in view. */
function drawLine(context, box, axis, curve, scores, { color, width, dash }) {
  const [first, past] = inView(curve, scores, axis);
  Object.assign(context, { strokeStyle: color, lineWidth: width, lineJoin: "round" });
  context.setLineDash(dash);
  context.beginPath();
  if (curve.length === 1) for (const edge of [0, 1]) context.lineTo(axis.toPixel(scores.edge(edge)), toY(box, curve[0]));
  else for (let i = first; i < past; i++) context.lineTo(axis.toPixel(scores.edge(i + 0.5)), toY(box, curve[i]));
  context.stroke();
  context.setLineDash([]);
}

/** Where snippets share a pixel: an upright bar from their lowest to their highest value, joined to the one before. Many
 *  times as quick as a line through all of them, and the same to the eye. */
function drawColumns(context, box, axis, curve, scores, { color, width, dash }) {
  const bucket = Math.ceil(axis.span / scores.grid.step / axis.width);
  const [first, past] = inView(curve, scores, axis);
  const period = dash.reduce((sum, part) => sum + part, 0);
  const step = axis.toPixel(scores.edge(bucket)) - axis.toPixel(scores.edge(0));
  context.fillStyle = color;
  let last = NaN;
  for (let i = first - (first % bucket); i < past; i += bucket) {
    let [low, high] = Number.isNaN(last) ? [Infinity, -Infinity] : [last, last];
    for (let j = Math.max(0, i); j < Math.min(i + bucket, curve.length); j++) {
      low = Math.min(low, curve[j]);
      high = Math.max(high, curve[j]);
      last = curve[j];
    }
    const x = axis.toPixel(scores.edge(i));
    if (period && isGap(x % period, dash)) continue;
    const top = toY(box, high) - width / 2;
    context.fillRect(x, top, Math.max(step, width), toY(box, low) + width / 2 - top);
  }
}

/** Whether a place in a dash pattern [on, off, on, off, …] is off. */
function isGap(place, dash) {
  let [part, rest] = [0, place];
  while (rest >= dash[part]) rest -= dash[part++];
  return part % 2 === 1;
}

function inView(curve, scores, axis) {
  const index = (time) => (time - scores.grid.start) / scores.grid.step;
  return [Math.max(0, Math.floor(index(axis.start)) - 1), Math.min(curve.length, Math.ceil(index(axis.end)) + 1)];
}

/** A line across at a score. */
export function level(context, axis, y, color) {
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(axis.left, Math.round(y) + 0.5);
  context.lineTo(axis.left + axis.width, Math.round(y) + 0.5);
  context.stroke();
}
