// The curves of all chosen classes and branches: colour by branch, line style by class. Drawn on the canvas, with at most
// two values a pixel column, so that 20,000 snippets cost as little as 400.

import { bar } from "./lane_shapes.js";

const WIDTH = { cbp: 1.75, vlp: 1.75, fused: 2.25 };
const LOWEST = 120;
const TALLEST = 300;
const PAD = 5; // pixels above 1 and below 0, for thick lines

export const curvesLane = {
  id: "curves",
  name: "class scores",
  title: ({ classes }) => ["score of", classes.map(({ name }) => breakable(name)).join(", ")].join(" "),
  height: ({ room }) => Math.max(LOWEST, Math.min(TALLEST, room ?? LOWEST)),
  flexible: true,
  tall: true,
  draw(context, box, scene) {
    const { axis, truth, palette, main, classes, view, other } = scene;
    for (const row of truth || []) {
      if (row.label === main.name) bar(context, axis, { ...row, top: box.top, height: box.height, fill: palette.truth, alpha: 0.13 });
    }
    for (const value of [0, 0.5, 1]) level(context, axis, toY(box, value), palette.grid);
    for (const each of other?.classes || []) drawClass(context, box, scene, each, { scores: other.scores, faint: true });
    for (const each of [...classes].reverse()) drawClass(context, box, scene, each, { scores: scene.scores, shown: view.curves });
  },
};

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
  for (const branch of view.curves) {
    context.strokeStyle = palette[branch];
    context.lineWidth = faint ? 1.25 : WIDTH[branch];
    context.globalAlpha = faint ? 0.75 : 1;
    context.setLineDash(faint ? [1.5, 3] : dash);
    context.lineJoin = "round";
    context.beginPath();
    for (const [x, y] of pointsOf(curves[branch], scores, axis, box)) context.lineTo(x, y);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Places of a curve's snippet centres in view; where several share a pixel, its lowest and highest value. */
function pointsOf(curve, scores, axis, box) {
  const perPixel = axis.span / scores.grid.step / axis.width;
  const first = Math.max(0, Math.floor((axis.start - scores.grid.start) / scores.grid.step) - 1);
  const past = Math.min(curve.length, Math.ceil((axis.end - scores.grid.start) / scores.grid.step) + 1);
  const place = (i) => axis.toPixel(scores.edge(i + 0.5));
  const points = [];
  if (curve.length === 1) return [axis.toPixel(scores.edge(0)), axis.toPixel(scores.edge(1))].map((x) => [x, toY(box, curve[0])]);
  if (perPixel <= 2) {
    for (let i = first; i < past; i++) points.push([place(i), toY(box, curve[i])]);
    return points;
  }
  const bucket = Math.ceil(perPixel);
  for (let i = first - (first % bucket); i < past; i += bucket) {
    let low = Infinity;
    let high = -Infinity;
    for (let j = Math.max(0, i); j < Math.min(i + bucket, curve.length); j++) {
      low = Math.min(low, curve[j]);
      high = Math.max(high, curve[j]);
    }
    const x = place(i + bucket / 2 - 0.5);
    points.push([x, toY(box, low)], [x, toY(box, high)]);
  }
  return points;
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
