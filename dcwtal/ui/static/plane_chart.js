// The coverage × purity plane: every detection a point, with the curves of equal tIoU. Drawn on a canvas, because tens of
// thousands of points must follow a slider; click and arrow keys reach the points.

import { make } from "./dom.js";

export const TIOUS = [0.1, 0.3, 0.5, 0.7, 0.9];
const MARGIN = { left: 40, right: 12, top: 10, bottom: 34 };
const REACH = 8; // pixels around the mouse in which a point is found
const SIZE = 3; // half the width of a symbol in pixels
const HALF = 5; // of the square a symbol is stamped with
const CURVE_STEPS = 60;
const FONT = "11px system-ui, sans-serif";
// Where a region's name stands in the plane: [coverage, purity, name].
const REGIONS = [[0.21, 0.86, "incomplete"], [0.83, 0.2, "over-complete"], [0.3, 0.3, "shifted"]];
const SYMBOLS = { cbp: "circle", vlp: "triangle", fused: "square" };

/** purity on the curve of one tIoU: tIoU = 1 / (1/coverage + 1/purity − 1). */
export function purityAt(tiou, coverage) {
  return 1 / (1 / tiou + 1 - 1 / coverage);
}

export class PlaneChart {
  /** @param {(point) => string} describe  @param {(point) => void} onPick  a point: {branch, coverage, purity, …} */
  constructor({ describe, onPick }) {
    Object.assign(this, { describe, points: [], current: null, width: 0, height: 0, isPicked: () => false });
    this.root = make("div", "pc-root");
    this.canvas = make("canvas", "pc-canvas", "", { id: "plane", tabindex: 0, role: "application", "aria-label": "coverage and purity of the detections. Arrow keys go through the points from the worst to the best, Enter opens one" });
    this.tip = make("p", "pc-tip", "", { id: "plane-tip", role: "status" });
    this.root.append(this.canvas, this.tip);
    const at = ({ offsetX, offsetY }) => this.near(offsetX, offsetY);
    this.canvas.addEventListener("pointermove", (event) => this.point(at(event)));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", (event) => {
      const point = at(event);
      if (point) onPick(point);
    });
    this.canvas.addEventListener("keydown", (event) => this.onKey(event, onPick));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** `points` in any order; drawn with `palette` of palette.js; `picked` tells which one is selected. */
  set(points, palette, picked) {
    this.points = [...points].sort((a, b) => a.tiou - b.tiou);
    this.palette = palette;
    this.isPicked = picked;
    if (!this.points.includes(this.current)) this.current = null;
    this.draw();
  }

  onKey(event, onPick) {
    const move = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter" && this.current) onPick(this.current);
    else if (move && this.points.length) {
      const place = this.points.indexOf(this.current);
      this.point(this.points[Math.max(0, Math.min(this.points.length - 1, place + move))]);
    } else return;
    event.preventDefault();
  }

  point(point) {
    if (point === this.current) return;
    this.current = point;
    this.tip.textContent = point ? this.describe(point) : "";
    this.canvas.style.cursor = point ? "pointer" : "default";
    this.drawRings();
  }

  toX(coverage) {
    return MARGIN.left + coverage * (this.width - MARGIN.left - MARGIN.right);
  }

  toY(purity) {
    return this.height - MARGIN.bottom - purity * (this.height - MARGIN.top - MARGIN.bottom);
  }

  near(x, y) {
    let [found, least] = [null, REACH ** 2];
    for (const point of this.points) {
      const distance = (this.toX(point.coverage) - x) ** 2 + (this.toY(point.purity) - y) ** 2;
      if (distance <= least) [found, least] = [point, distance];
    }
    return found;
  }

  /** Everything anew; what the mouse changes is drawn over a copy of it. */
  draw() {
    const { canvas, palette } = this;
    if (!palette || !canvas.clientWidth) return;
    this.width = canvas.clientWidth; // asked once, not for each point
    this.height = canvas.clientHeight;
    this.ground = document.createElement("canvas");
    const context = prepared(this.ground, canvas);
    this.drawFrame(context);
    for (const tiou of TIOUS) this.drawCurve(context, tiou);
    this.drawPoints(context);
    this.drawRings();
  }

  drawRings() {
    const { canvas, ground } = this;
    if (!ground) return;
    const context = prepared(canvas, canvas);
    context.drawImage(ground, 0, 0, this.width, this.height);
    context.strokeStyle = this.palette.ink;
    context.lineWidth = 2;
    for (const point of this.points) {
      if (point !== this.current && !this.isPicked(point)) continue;
      context.beginPath();
      context.arc(this.toX(point.coverage), this.toY(point.purity), SIZE + 4, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  drawFrame(context) {
    const { palette } = this;
    const [left, right, top, bottom] = [this.toX(0), this.toX(1), this.toY(1), this.toY(0)];
    context.fillStyle = palette.muted;
    context.strokeStyle = palette.grid;
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const [x, y] = [Math.round(this.toX(share)) + 0.5, Math.round(this.toY(share)) + 0.5];
      context.strokeRect(x, top, 0, bottom - top);
      context.strokeRect(left, y, right - left, 0);
      context.textAlign = "center";
      context.fillText(String(100 * share), Math.min(x, right - 6), bottom + 10);
      context.textAlign = "right";
      context.fillText(String(100 * share), left - 5, Math.max(y, top + 4));
    }
    context.textAlign = "center";
    context.fillText("coverage of the instance, %", (left + right) / 2, bottom + 25);
    context.save();
    context.translate(9, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("purity of the detection, %", 0, 0);
    context.restore();
    context.font = `italic 600 ${FONT}`;
    for (const [coverage, purity, name] of REGIONS) context.fillText(name, this.toX(coverage), this.toY(purity));
    context.font = FONT;
  }

  drawCurve(context, tiou) {
    context.strokeStyle = this.palette.muted;
    context.setLineDash(tiou === 0.5 ? [] : [3, 4]);
    context.beginPath();
    for (let i = 0; i <= CURVE_STEPS; i++) {
      const coverage = tiou + (1 - tiou) * (i / CURVE_STEPS);
      context.lineTo(this.toX(coverage), this.toY(purityAt(tiou, coverage)));
    }
    context.stroke();
    context.setLineDash([]);
    const middle = (2 * tiou) / (1 + tiou); // coverage = purity there
    const [x, y, text] = [this.toX(middle), this.toY(middle), String(tiou).slice(1)];
    const width = context.measureText(text).width + 4;
    context.fillStyle = this.palette.surface;
    context.fillRect(x - width / 2, y - 7, width, 14);
    context.fillStyle = this.palette.muted;
    context.fillText(text, x, y);
  }

  /** CBP on top: where the two branches part is what one looks for. */
  drawPoints(context) {
    context.globalAlpha = this.points.length > 1500 ? 0.35 : this.points.length > 300 ? 0.55 : 0.85;
    for (const branch of ["fused", "vlp", "cbp"]) {
      const stamp = stampOf(SYMBOLS[branch], this.palette[branch]);
      for (const point of this.points) {
        if (point.branch !== branch) continue;
        context.drawImage(stamp, Math.round(this.toX(point.coverage)) - HALF, Math.round(this.toY(point.purity)) - HALF, 2 * HALF, 2 * HALF);
      }
    }
    context.globalAlpha = 1;
  }
}

/** A canvas of the size of `like`, ready to draw on in its pixels. */
function prepared(canvas, like) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(like.clientWidth * ratio); // clears, too
  canvas.height = Math.round(like.clientHeight * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.font = FONT;
  context.textBaseline = "middle";
  return context;
}

/** One symbol, drawn once and then stamped: much faster than as many paths. */
function stampOf(kind, color) {
  const ratio = window.devicePixelRatio || 1;
  const stamp = document.createElement("canvas");
  stamp.width = stamp.height = Math.round(2 * HALF * ratio);
  const context = stamp.getContext("2d");
  context.scale(ratio, ratio);
  context.translate(HALF, HALF);
  context.fillStyle = color;
  context.beginPath();
  if (kind === "square") context.rect(-SIZE, -SIZE, 2 * SIZE, 2 * SIZE);
  else if (kind === "circle") context.arc(0, 0, SIZE, 0, 2 * Math.PI);
  else for (const [x, y] of [[0, -SIZE - 1], [SIZE + 1, SIZE], [-SIZE - 1, SIZE]]) context.lineTo(x, y);
  context.fill();
  return stamp;
}
