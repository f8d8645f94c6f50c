// The visitor's own marks.

import { bar, label, ringed } from "./lane_shapes.js";

const ROW = 18;

export const marksLane = {
  id: "marks",
  name: "my marks",
  needs: "none yet: I, O, then M",
  title: () => "my marks",
  shows: ({ marks }) => marks.length > 0,
  height: ({ marks }) => ROW * Math.max(1, ...marks.map(({ row }) => row + 1)),
  draw(context, box, { axis, marks, palette }) {
    for (const mark of marks) {
      const shape = { top: box.top + mark.row * ROW + 1, height: ROW - 3 };
      const place = bar(context, axis, { ...mark, ...shape, fill: palette.grid, stroke: palette.ink });
      if (!place) continue;
      if (mark.selected) ringed(context, place, shape, palette.ink);
      label(context, axis, place, shape.top + shape.height / 2 + 0.5, mark.label, palette.ink);
    }
  },
  hit(x, y, box, { axis, marks }) {
    const time = axis.toTime(x);
    const slack = (3 / axis.width) * axis.span;
    const row = Math.floor((y - box.top) / ROW);
    const index = marks.findIndex((mark) => mark.row === row && mark.start - slack <= time && time <= mark.end + slack);
    return index < 0 ? null : { kind: "mark", row: marks[index], index };
  },
};
