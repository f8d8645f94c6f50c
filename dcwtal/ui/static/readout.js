// The line above the tracks: clock, frame, and the value of every curve where the mouse is (else at the playhead).

import { make } from "./dom.js";
import { clockText } from "./time_axis.js";
import { CURVES as BRANCHES } from "./session.js";

const TITLES = { cbp: "CBP", vlp: "VLP", fused: "fused" };

export class Readout {
  constructor(root) {
    this.clock = root.querySelector(".tl-clock");
    this.frame = root.querySelector(".tl-frame");
    this.spot = root.querySelector(".tl-spot");
    this.values = {};
    const list = root.querySelector(".tl-values");
    for (const branch of BRANCHES) {
      const item = make("button", `tl-value tl-${branch}`, "", { type: "button", id: `curve-${branch}` });
      item.append(Object.assign(document.createElement("i"), { ariaHidden: "true" }));
      item.append(TITLES[branch]);
      this.values[branch] = item.appendChild(document.createElement("b"));
      list.append(item);
    }
  }

  showTime(time, frame, count) {
    this.clock.textContent = clockText(time);
    this.frame.textContent = count ? `frame ${frame} of ${count}` : "";
  }

  /** Values of the curves at a time; `hovering` tells whether that is the mouse or the playhead. */
  showValues(time, scene, hovering) {
    const index = scene.scores.snippetAt(time);
    for (const branch of BRANCHES) {
      const value = index >= 0 && scene.view.curves.includes(branch) ? scene.main.curves[branch]?.[index] : undefined;
      this.values[branch].textContent = value === undefined ? "–" : value.toFixed(2);
    }
    const inside = (scene.truth || []).filter((row) => row.start <= time && time < row.end);
    const names = inside.map((row) => row.label).join(", ");
    this.spot.textContent = [hovering ? `mouse at ${clockText(time)}` : "", names && `truth: ${names}`].filter(Boolean).join(" · ");
  }
}
