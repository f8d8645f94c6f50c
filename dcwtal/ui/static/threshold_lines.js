// δ_h, δ_l and θ_loc as lines across the curves that the mouse drags and the arrow keys move.

import { make } from "./dom.js";
import { toScore, toY } from "./lane_curves.js";

const STEP = 0.01;
const BIG_STEP = 0.05;
const GRIP = 7; // pixels on either side of a line that still grab it
const APART = 15; // pixels between two labels on one side
const LINES = [
  { id: "high", title: "δh", help: "δh: foreground is a score above this", side: "left" },
  { id: "low", title: "δl", help: "δl: background is a score below this", side: "left" },
  { id: "theta_loc", title: "θloc", help: "θloc: detections are runs at or above this", side: "right" },
];

export class ThresholdLines {
  /** @param {HTMLElement} host  @param {object} session  @param {(event) => void} onClick  told of clicks on a line */
  constructor(host, session, onClick, signal) {
    this.session = session;
    this.onClick = onClick;
    this.host = host;
    this.lines = Object.fromEntries(LINES.map((line) => [line.id, this.build(line, signal)]));
  }

  build({ id, title, help, side }, signal) {
    const element = document.createElement("div");
    element.className = `tl-rule tl-rule-${side} tl-rule-${id}`;
    element.id = `rule-${id}`;
    element.title = `${help}. Drag it; double-click: the run's own value`;
    for (const [name, value] of Object.entries({ role: "slider", tabindex: "0", "aria-label": help, "aria-orientation": "vertical", "aria-valuemin": "0", "aria-valuemax": "1" })) element.setAttribute(name, value);
    element.append(make("i", "tl-rule-line", "", { "aria-hidden": "true" }));
    const grip = element.appendChild(document.createElement("span"));
    this.host.append(element);
    const on = (name, handler) => element.addEventListener(name, handler, { signal });
    let dragging = false;
    let moved = false;
    on("pointerdown", (event) => {
      if (event.button || event.altKey) return;
      dragging = true;
      moved = false;
      element.setPointerCapture(event.pointerId);
      element.focus({ preventScroll: true });
      event.stopPropagation();
      event.preventDefault();
    });
    on("pointermove", (event) => {
      if (!dragging) return;
      moved = true;
      this.set(id, this.valueAt(event.clientY, id));
      event.stopPropagation();
    });
    on("pointerup", (event) => {
      if (dragging && !moved && event.target !== grip) this.onClick(event); // a click on the line means the time there
      dragging = false;
    });
    on("pointercancel", () => (dragging = false));
    on("dblclick", (event) => {
      event.stopPropagation();
      this.set(id, this.ownValue(id));
    });
    on("keydown", (event) => {
      const step = event.shiftKey ? BIG_STEP : STEP;
      const move = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step }[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      this.set(id, this.value(id) + move);
    });
    return { element, grip, title };
  }

  value(id) {
    return id === "theta_loc" ? this.session.settings.theta_loc : this.session.rules[id];
  }

  ownValue(id) {
    return id === "theta_loc" ? this.session.run.settings.theta_loc : this.session.run.rules[id];
  }

  valueAt(clientY, id) {
    const y = clientY - this.host.getBoundingClientRect().top - this.host.clientTop;
    const score = toScore(this.box, y);
    if (id !== "theta_loc") return score;
    const { low, high } = this.scene.locThresholds;
    return (score - low) / (high - low);
  }

  set(id, wanted) {
    const value = Math.round(Math.max(0, Math.min(1, wanted)) / STEP) * STEP;
    const exact = Number(value.toFixed(4));
    const { high, low } = this.session.rules;
    if (id === "theta_loc") this.session.changeSetting("theta_loc", Math.max(STEP, exact));
    else if (id === "high") this.session.changeRule("high", Math.max(exact, Number((low + STEP).toFixed(4))));
    else this.session.changeRule("low", Math.min(exact, Number((high - STEP).toFixed(4))));
  }

  /** Put the lines where the scene has them; `box` undefined: the curves are hidden. */
  place(scene, box) {
    this.scene = scene;
    this.box = box;
    const { locThresholds, rules, axis } = scene;
    const heights = { high: rules.high, low: rules.low, theta_loc: locThresholds.values[0] };
    const tight = box && toY(box, rules.low) - toY(box, rules.high) < APART;
    for (const [id, { element, grip, title }] of Object.entries(this.lines)) {
      element.hidden = !box || heights[id] === undefined || (id === "theta_loc" && !locThresholds.draggable);
      if (element.hidden) continue;
      element.style.left = `${axis.left}px`;
      element.style.width = `${axis.width}px`;
      element.style.top = `${toY(box, heights[id]) - GRIP}px`;
      element.style.height = `${2 * GRIP}px`;
      grip.textContent = `${title} ${this.value(id).toFixed(2)}`;
      grip.style.translate = tight && id !== "theta_loc" ? `0 ${id === "high" ? -APART / 2 : APART / 2}px` : "none";
      element.setAttribute("aria-valuenow", this.value(id).toFixed(2));
    }
  }
}
