// The three values above the tracks are also the curves' switches.

import { CURVES } from "./session.js";

export class CurveSwitches {
  constructor(room) {
    this.room = room;
    this.buttons = CURVES.map((branch) => [branch, room.root.querySelector(`#curve-${branch}`)]);
    for (const [branch, node] of this.buttons) node.addEventListener("click", () => this.toggle(branch));
    room.session.listen((changed) => changed.has("view") && this.show());
  }

  /** One curve at least stays. */
  toggle(branch) {
    const { session } = this.room;
    const { curves } = session.view;
    const wanted = CURVES.filter((name) => curves.includes(name) !== (name === branch));
    if (wanted.length) session.change({ curves: wanted });
  }

  show() {
    const { curves } = this.room.session.view;
    for (const [branch, node] of this.buttons) {
      node.setAttribute("aria-pressed", String(curves.includes(branch)));
      node.title = curves.length === 1 && curves[0] === branch ? "the only curve that is shown" : curves.includes(branch) ? "hide this curve" : "show this curve";
    }
  }
}
