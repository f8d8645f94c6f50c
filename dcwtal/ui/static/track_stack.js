// The tracks as a stack of lanes over one time axis: where each lane lies, its name in the gutter, the canvas.

import { make } from "./dom.js";
import { KeptLayer } from "./kept_layer.js";
import { lanesOf } from "./lanes.js";
import { same } from "./same.js";

export const GUTTER = 112; // room for the lanes' names and the score axis
export const RIGHT = 58; // room for the handle of θ_loc
const GAP = 5;
const AXIS_HEIGHT = 22;
const FONT = "500 11px system-ui, sans-serif";

export class TrackStack {
  /** @param {HTMLElement} host  the element that holds the canvas and the lanes' names */
  constructor(host) {
    this.host = host;
    this.lanes = []; // those in view
    this.canvas = host.querySelector(".tl-canvas");
    this.names = host.querySelector(".tl-names");
    this.layers = new Map(); // pictures of lanes that keep them
    this.boxes = {};
    this.height = 0;
  }

  /** Lay the lanes out for a scene; sets `boxes[id] = {top, height}` and the host's height. `tallest`: pixels to fill. */
  layOut(scene, ids, tallest) {
    this.lanes = lanesOf(ids).filter((lane) => !lane.shows || lane.shows(scene));
    const fixed = this.lanes.filter((lane) => !lane.flexible).reduce((sum, lane) => sum + lane.height(scene), 0);
    scene.room = tallest - fixed - GAP * this.lanes.length - AXIS_HEIGHT - 8;
    let top = 4;
    this.boxes = {};
    const rows = this.lanes.map((lane) => {
      const box = { top, height: lane.height(scene) };
      this.boxes[lane.id] = box;
      top += box.height + GAP;
      return { ...box, title: lane.title(scene), tall: Boolean(lane.tall) };
    });
    if (!same(rows, this.rows)) this.names.replaceChildren(...rows.map(nameOf));
    this.rows = rows;
    this.axisTop = top - GAP + 2;
    this.height = this.axisTop + AXIS_HEIGHT;
    if (this.host.style.height !== `${this.height}px`) this.host.style.height = `${this.height}px`;
    scene.axis.left = GUTTER;
    scene.axis.width = Math.max(50, this.host.clientWidth - GUTTER - RIGHT);
  }

  /** What lies at a place inside the host: {lane, kind, row} or null. */
  hit(x, y, scene) {
    for (const lane of this.lanes) {
      const box = this.boxes[lane.id];
      if (y < box.top || y > box.top + box.height || !lane.hit) continue;
      const found = lane.hit(x, y, box, scene);
      return found && { lane: lane.id, ...found };
    }
    return null;
  }

  draw(scene) {
    const context = this.prepared();
    const { axis, palette } = scene;
    const ticks = axis.ticks();
    this.drawTicks(context, axis, palette, ticks);
    if (axis.zoomed) this.drawOverview(context, axis, palette);
    context.save();
    context.beginPath();
    context.rect(axis.left, 0, axis.width, this.height);
    context.clip();
    context.textBaseline = "middle";
    for (const lane of this.lanes) {
      context.font = FONT;
      const box = this.boxes[lane.id];
      if (lane.keeps) this.layerOf(lane).paint(context, axis, box, [palette, ...lane.keeps(scene)], (inside) => lane.draw(inside, box, scene));
      else lane.draw(context, box, scene);
    }
    context.restore();
  }

  layerOf({ id }) {
    if (!this.layers.has(id)) this.layers.set(id, new KeptLayer());
    return this.layers.get(id);
  }

  prepared() {
    const ratio = window.devicePixelRatio || 1;
    const width = this.host.clientWidth;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(this.height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(this.height * ratio);
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, this.height);
    return context;
  }

  /** Which part of the video is in view: a thin line at the very bottom. */
  drawOverview(context, axis, palette) {
    const share = axis.width / axis.duration;
    const top = this.height - 3;
    context.fillStyle = palette.grid;
    context.fillRect(axis.left, top, axis.width, 3);
    context.fillStyle = palette.muted;
    context.fillRect(axis.left + axis.start * share, top, Math.max(8, axis.span * share), 3);
  }

  drawTicks(context, axis, palette, ticks) {
    context.font = FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 1;
    for (const { time, label } of ticks) {
      const x = Math.round(axis.toPixel(time)) + 0.5;
      context.strokeStyle = palette.grid;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, this.axisTop + 3);
      context.stroke();
      context.fillStyle = palette.muted;
      context.fillText(label, x, this.axisTop + AXIS_HEIGHT / 2 + 2);
    }
    context.textAlign = "left";
  }
}

/** A lane's name in the gutter. */
function nameOf({ top, height, title, tall }) {
  const name = make("div", tall ? "tl-name tl-tall" : "tl-name", title, { title }); // tall: beside the score axis
  name.style.top = `${top}px`;
  name.style.height = `${height}px`;
  return name;
}
