// A stretch of time drawn over all tracks: its two borders, and, where it is wanted, a shade over everything outside.
// Places are shares of the tracks' width, so that they stay right when the window changes.

import { make } from "./dom.js";
import { GUTTER, RIGHT } from "./track_stack.js";

export class RangeOverlay {
  /** @param {string} className  names the look: see transport.css and marks.css  @param {boolean} shaded  darken what is outside */
  constructor(host, axis, className, { shaded = false } = {}) {
    this.axis = axis;
    this.parts = Object.fromEntries(["before", "after", "start", "end"].map((part) => [part, make("div", `tl-range ${className} tl-range-${part}`, "", { "aria-hidden": "true", hidden: true })]));
    this.shaded = shaded;
    host.append(...Object.values(this.parts));
  }

  /** @param {?{start: ?number, end: ?number}} range  a border that is null is not drawn */
  show(range) {
    const { before, after, start, end } = this.parts;
    const from = this.share(range?.start);
    const to = this.share(range?.end);
    before.hidden = !this.shaded || from === null;
    after.hidden = !this.shaded || to === null;
    if (from !== null) before.style.width = across(Math.max(0, Math.min(1, from)));
    if (to !== null) after.style.left = `calc(${GUTTER}px + ${across(Math.max(0, Math.min(1, to)))})`;
    for (const [node, share] of [[start, from], [end, to]]) {
      node.hidden = share === null || share < 0 || share > 1;
      if (!node.hidden) node.style.left = `calc(${GUTTER}px + ${across(share)})`;
    }
  }

  share(time) {
    return time === null || time === undefined ? null : (time - this.axis.start) / this.axis.span;
  }
}

/** A share of the time axis as a CSS length. */
function across(share) {
  return `calc((100% - ${GUTTER + RIGHT}px) * ${share.toFixed(6)})`;
}
