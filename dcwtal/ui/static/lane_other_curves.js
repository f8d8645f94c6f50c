// The curves that are compared with, in a lane of their own: what "split" shows where "overlaid" draws dots.

import { curvesShown, drawClass, level, toY } from "./lane_curves.js";
import { bar } from "./lane_shapes.js";

const HEIGHT = 120;

export const otherCurvesLane = {
  id: "other-curves",
  name: "class scores compared with",
  title: ({ other }) => `compared: ${other.title}`,
  needs: "no split comparison",
  shows: ({ other }) => Boolean(other?.beside),
  height: () => HEIGHT,
  tall: true,
  keeps: ({ truth, main, other, view }) => [truth, main.name, ...curvesShown(other.beside, view)],
  draw(context, box, scene) {
    const { axis, truth, palette, main, classes, other } = scene;
    for (const row of truth || []) {
      if (row.label === main.name) bar(context, axis, { ...row, top: box.top, height: box.height, fill: palette.truth, alpha: 0.13 });
    }
    for (const value of [0, 0.5, 1]) level(context, axis, toY(box, value), palette.grid);
    for (const each of [...other.beside].reverse()) {
      const dash = classes.find(({ name }) => name === each.name)?.dash || [];
      drawClass(context, box, scene, { ...each, dash }, { scores: other.scores });
    }
  },
};
