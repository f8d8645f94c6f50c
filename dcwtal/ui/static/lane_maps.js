// What becomes of the curves: ternary pseudo-labels, agreement with the truth, disagreement of the branches.

import { bar } from "./lane_shapes.js";
import { BACKGROUND, FOREGROUND } from "./scores.js";

const MAP_SHARE = { [FOREGROUND]: 1, [BACKGROUND]: 0.16 }; // height of a ternary value; uncertain is half
const UNCERTAIN_SHARE = 0.52;
const TITLES = { cbp: "CBP", vlp: "VLP", fused: "fused" };
// Agreement told by height and place as well as by colour: hits stand tall, misses hang below, alarms rise above.
const RIBBON = { TP: [0, 1], FP: [0, 0.5], FN: [0.5, 0.5], TN: [0.47, 0.06] };

export function mapLane(branch) {
  return {
    id: `${branch}-map`,
    name: `${TITLES[branch]} ternary labels`,
    title: () => `${TITLES[branch]} labels`,
    height: () => 20,
    keeps: ({ maps, highlights }) => [maps[branch], highlights],
    draw(context, box, { axis, scores, maps, palette, highlights }) {
      const full = box.height - 3;
      for (const [first, past, value] of maps[branch]) {
        const height = full * (MAP_SHARE[value] ?? UNCERTAIN_SHARE);
        const fill = { [FOREGROUND]: palette[branch], [BACKGROUND]: palette.background }[value] || palette.uncertain;
        bar(context, axis, { start: scores.edge(first), end: scores.edge(past), top: box.top + 1.5 + full - height, height, fill });
      }
      for (const { start, end } of (highlights?.branch === branch && highlights.segments) || []) {
        bar(context, axis, { start, end, top: box.top + 0.5, height: box.height - 1, fill: palette.changed, alpha: 0.35, stroke: palette.changed });
      }
    },
  };
}

/** True and false positives and negatives of one branch, as in the paper's Figure 1. */
export function ribbonLane(branch) {
  return {
    id: `${branch}-ribbon`,
    name: `${TITLES[branch]} right and wrong`,
    title: () => `${TITLES[branch]} TP FP FN`,
    height: () => 15,
    needs: "no ground truth",
    shows: ({ ribbons }) => Boolean(ribbons),
    keeps: ({ ribbons }) => [ribbons[branch]],
    draw(context, box, { axis, ribbons, palette }) {
      const full = box.height - 2;
      for (const { start, end, kind } of ribbons[branch]) {
        const [from, share] = RIBBON[kind];
        const fill = { TP: palette.hit, FP: palette.alarm, FN: palette.miss, TN: palette.background }[kind];
        bar(context, axis, { start, end, top: box.top + 1 + full * from, height: full * share, fill });
      }
    },
  };
}

/** |P_cb − P_vl|: where the branches disagree. */
export const disagreementLane = {
  id: "disagreement",
  name: "disagreement of the branches",
  title: () => "disagree |CBP−VLP|",
  height: () => 22,
  keeps: ({ disagreement }) => [disagreement],
  draw(context, box, { axis, scores, disagreement, palette }) {
    const floor = box.top + box.height - 1;
    const height = box.height - 2;
    const past = Math.min(disagreement.length, Math.ceil((axis.end - scores.grid.start) / scores.grid.step) + 1);
    const first = Math.max(0, Math.floor((axis.start - scores.grid.start) / scores.grid.step) - 1);
    const bucket = Math.max(1, Math.floor(axis.span / scores.grid.step / axis.width));
    context.fillStyle = palette.uncertain;
    context.beginPath();
    context.moveTo(axis.toPixel(scores.edge(first)), floor);
    for (let i = first - (first % bucket); i < past; i += bucket) {
      let most = 0;
      for (let j = Math.max(0, i); j < Math.min(i + bucket, disagreement.length); j++) most = Math.max(most, disagreement[j]);
      const y = floor - most * height;
      context.lineTo(axis.toPixel(scores.edge(i)), y);
      context.lineTo(axis.toPixel(scores.edge(i + bucket)), y);
    }
    context.lineTo(axis.toPixel(scores.edge(past)), floor);
    context.fill();
  },
};
