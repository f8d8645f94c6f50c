// The coverage × purity plane: every detection a point, with the curves of equal tIoU. Drawn on a canvas, because tens of
// thousands of points must follow a slider; click and arrow keys reach the points.

import { make } from "./dom.js";

export const TIOUS = [0.1, 0.3, 0.5, 0.7, 0.9];
const MARGIN = { left: 40, right: 12, top: 10, bottom: 34 };
const REACH = 8; // pixels around the mouse in which a point is found
const SIZE = 3; // half the width of a symbol in pixels
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
    Object.assign(this, { describe, points: [], current: null, picked: null });
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
    this.draw();
  }

  toX(coverage) {
    return MARGIN.left + coverage * (this.canvas.clientWidth - MARGIN.left - MARGIN.right);
  }

  toY(purity) {
    return this.canvas.clientHeight - MARGIN.bottom - purity * (this.canvas.clientHeight - MARGIN.top - MARGIN.bottom);
  }

  near(x, y) {
    let [found, least] = [null, REACH ** 2];
    for (const point of this.points) {
      const distance = (this.toX(point.coverage) - x) ** 2 + (this.toY(point.purity) - y) ** 2;
      if (distance <= least) [found, least] = [point, distance];
    }
    return found;
  }

  draw() {
    const { canvas, palette } = this;
    if (!palette || !canvas.clientWidth) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.font = FONT;
    context.textBaseline = "middle";
    this.drawFrame(context);
    for (const tiou of TIOUS) this.drawCurve(context, tiou);
    this.drawPoints(context);
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

  drawPoints(context) {
    context.globalAlpha = this.points.length > 1500 ? 0.35 : this.points.length > 300 ? 0.55 : 0.85;
    for (const branch of ["fused", "vlp", "cbp"]) {
      context.fillStyle = this.palette[branch];
      context.beginPath();
      for (const point of this.points) if (point.branch === branch) symbol(context, SYMBOLS[branch], this.toX(point.coverage), this.toY(point.purity));
      context.fill();
    }
    context.globalAlpha = 1;
    const ringed = this.points.filter((point) => point === this.current || this.isPicked(point));
    context.strokeStyle = this.palette.ink;
    context.lineWidth = 2;
    for (const { coverage, purity } of ringed) {
      context.beginPath();
      context.arc(this.toX(coverage), this.toY(purity), SIZE + 4, 0, 2 * Math.PI);
      context.stroke();
    }
    context.lineWidth = 1;
  }
}

function symbol(context, kind, x, y) {
  if (kind === "square") return context.rect(x - SIZE, y - SIZE, 2 * SIZE, 2 * SIZE);
  if (kind === "circle") {
    context.moveTo(x + SIZE, y);
    return context.arc(x, y, SIZE, 0, 2 * Math.PI);
  }
  context.moveTo(x, y - SIZE - 1);
  context.lineTo(x + SIZE + 1, y + SIZE);
  context.lineTo(x - SIZE - 1, y + SIZE);
  return context.closePath();
}
