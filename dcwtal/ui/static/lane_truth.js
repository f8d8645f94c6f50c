// Ground truth: the chosen classes filled, others outlined, missed instances striped.

import { bar, label, plate, ringed, stripes } from "./lane_shapes.js";

const HEIGHT = 24;

export const truthLane = {
  id: "truth",
  name: "ground truth",
  title: () => "ground truth",
  height: () => HEIGHT,
  draw(context, box, scene) {
    const { axis, truth, palette, duration } = scene;
    if (truth === null) {
      context.fillStyle = palette.muted;
      context.fillText("nobody annotated this video", axis.left + 6, box.top + box.height / 2);
    }
    (truth || []).forEach((row, index) => drawInstance(context, box, scene, row, index));
    if (truth?.some(({ end }) => end > duration + 0.05)) ringedNote(context, box, scene);
  },
  hit(x, y, box, scene) {
    const time = scene.axis.toTime(x);
    const found = (scene.truth || []).findLastIndex(({ start, end }) => start <= time && time <= end);
    return found < 0 ? null : { kind: "instance", row: scene.truth[found], index: found };
  },
};

function drawInstance(context, box, scene, row, index) {
  const { axis, palette, view } = scene;
  const own = view.classes.includes(row.label);
  const missed = own && scene.isMissed(index);
  const shape = { ...row, top: box.top + 2, height: box.height - 4 };
  const place = bar(context, axis, {
    ...shape,
    fill: own && !missed ? palette.truth : null,
    stroke: own ? palette.truth : palette.muted,
    dash: own ? null : [4, 3],
  });
  if (!place) return;
  if (missed) stripes(context, place, shape.top, shape.height, palette.truth);
  if (scene.isSelected("instance", row)) ringed(context, place, shape, palette.ink);
  const text = missed ? "missed" : row.label;
  if (missed) plate(context, axis, place, shape, text, palette);
  const color = own ? (missed ? palette.ink : palette.surface) : palette.muted;
  label(context, axis, place, box.top + box.height / 2, text, color);
}

function ringedNote(context, box, { axis, palette }) {
  const text = "truth goes on past the end of the video";
  context.fillStyle = palette.muted;
  context.fillText(text, axis.left + axis.width - context.measureText(text).width - 4, box.top + box.height / 2);
}
