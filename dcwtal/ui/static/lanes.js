// The tracks, top to bottom. A lane is {id, title, height(scene), draw(context, box, scene)}; to add a track,
// write one and put it into LANES. `box` is {top, height}; horizontal places come from scene.axis.

import { bar, label, stripes } from "./lane_shapes.js";
import { BACKGROUND, FOREGROUND } from "./scores.js";

const ROW = 19;
const MOST_ROWS = 4;
const FEWEST_ROWS = 3; // so that the page does not jump from stage to stage
const MAP_SHARE = { [FOREGROUND]: 1, [BACKGROUND]: 0.16 }; // height of a ternary value; uncertain is half
const UNCERTAIN_SHARE = 0.52;

const truthLane = {
  id: "truth",
  title: () => "ground truth",
  height: () => 24,
  draw(context, box, { axis, truth, palette, view, isMissed }) {
    if (truth === null) {
      context.fillStyle = palette.muted;
      context.fillText("nobody annotated this video", axis.left + 6, box.top + box.height / 2);
    }
    for (const row of truth || []) {
      const own = row.label === view.className;
      const missed = own && isMissed(row);
      const shape = { ...row, top: box.top + 2, height: box.height - 4 };
      const place = bar(context, axis, {
        ...shape,
        fill: own && !missed ? palette.truth : null,
        stroke: own ? palette.truth : palette.muted,
        dash: own ? null : [4, 3],
      });
      if (!place) continue;
      if (missed) stripes(context, place, shape.top, shape.height, palette.truth);
      const text = own ? (missed ? "missed" : row.label) : row.label;
      const color = own ? (missed ? palette.ink : palette.surface) : palette.muted;
      if (missed) plate(context, axis, place, shape, text, palette);
      label(context, axis, place, box.top + box.height / 2, text, color);
    }
  },
};

const curvesLane = {
  id: "curves",
  title: ({ view }) => `score of ${view.className}`,
  height: (scene) => scene.curveHeight,
  draw(context, box, { axis, truth, palette, view }) {
    for (const row of truth || []) {
      if (row.label === view.className) {
        bar(context, axis, { ...row, top: box.top, height: box.height, fill: palette.truth, alpha: 0.13 });
      }
    }
  },
};

function mapLane(branch) {
  return {
    id: `${branch}-map`,
    title: () => `${branch.toUpperCase()} labels`,
    height: () => 22,
    draw(context, box, { axis, scores, maps, palette }) {
      const full = box.height - 4;
      for (const [first, past, value] of maps[branch]) {
        const share = MAP_SHARE[value] ?? UNCERTAIN_SHARE;
        const fill = { [FOREGROUND]: palette[branch], [BACKGROUND]: palette.background }[value];
        const height = full * share;
        bar(context, axis, {
          start: scores.edge(first),
          end: scores.edge(past),
          top: box.top + 2 + full - height,
          height,
          fill: fill || palette.uncertain,
        });
      }
    },
  };
}

const detectionsLane = {
  id: "detections",
  title: ({ detections }) => {
    const hidden = detections.filter((each) => each.row >= MOST_ROWS).length;
    return hidden ? `detections (${hidden} weaker not drawn)` : "detections";
  },
  height: ({ detections }) => {
    const rows = Math.max(0, ...detections.map((each) => each.row + 1));
    return ROW * Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, rows)) + 2;
  },
  draw(context, box, { axis, detections, palette, view }) {
    for (const row of detections) {
      if (row.row >= MOST_ROWS) continue;
      const own = row.label === view.className;
      const top = box.top + 1 + row.row * ROW;
      const color = own ? palette[view.source] : palette.muted;
      const solid = own && row.hit === true;
      const place = bar(context, axis, {
        ...row,
        top,
        height: ROW - 3,
        fill: solid || row.hit === null ? color : null,
        stroke: color,
        dash: own ? null : [4, 3],
        alpha: own ? 1 : 0.8,
      });
      if (!place) continue;
      if (own && row.hit === false) stripes(context, place, top, ROW - 3, color);
      const mark = row.hit === null ? "" : row.hit ? "✓ " : "✗ ";
      const text = `${mark}${row.score.toFixed(2)}${own ? "" : ` ${row.label}`}`;
      if (own && row.hit === false) plate(context, axis, place, { top, height: ROW - 3 }, text, palette);
      const ink = solid || (own && row.hit === null) ? palette.surface : own ? palette.ink : palette.muted;
      const middle = top + (ROW - 3) / 2 + 0.5;
      if (label(context, axis, place, middle, text, ink)) continue;
      const beside = { x: place.x + place.width, width: axis.toPixel(row.free) - place.x - place.width };
      label(context, axis, beside, middle, text, own ? palette.ink : palette.muted);
    }
  },
};

/** A plain ground for text on stripes. */
function plate(context, axis, place, { top, height }, text, palette) {
  const left = Math.max(place.x, axis.left) + 2;
  const width = context.measureText(text).width + 6;
  if (width > place.x + place.width - left - 1) return;
  context.fillStyle = palette.surface;
  context.fillRect(left, top + 2, width, height - 4);
}

/** Give every detection a row, in the order given, so that bars never overlap: [{…, row, free}], where `free` is the
 *  time up to which nothing follows in its row. */
export function packRows(detections) {
  const rows = [];
  const placed = detections.map((each) => {
    let row = rows.findIndex((others) => others.every((other) => each.end <= other.start || each.start >= other.end));
    if (row < 0) row = rows.push([]) - 1;
    const one = { ...each, row };
    rows[row].push(one);
    return one;
  });
  for (const one of placed) {
    const later = rows[one.row].filter((other) => other.start >= one.end).map((other) => other.start);
    one.free = Math.min(...later, Number.MAX_VALUE);
  }
  return placed;
}

export const DRAWN_ROWS = MOST_ROWS;
export const LANES = [truthLane, curvesLane, mapLane("cbp"), mapLane("vlp"), detectionsLane];
