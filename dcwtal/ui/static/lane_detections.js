// Detections in rows: ✓ solid, ✗ striped, with score and tIoU. One lane for the shown settings, one for what they are
// compared with.

import { bar, label, plate, ringed, stripes } from "./lane_shapes.js";
import { DRAWN_ROWS } from "./scene.js";

const ROW = 18;
const FEWEST_ROWS = 2; // so that the page does not jump from stage to stage

export const detectionsLane = lane({
  id: "detections",
  name: "detections",
  of: (scene) => scene,
  title: ({ source }) => `detections of ${source === "fused" ? "fused" : source.toUpperCase()}`,
  fewest: FEWEST_ROWS,
});

export const otherDetectionsLane = lane({
  id: "other-detections",
  name: "detections compared with",
  of: (scene) => scene.other,
  title: ({ other }) => `compared: ${other.title}`,
  needs: "nothing is compared",
  shows: ({ other }) => Boolean(other?.detections),
  fewest: 1,
});

function lane({ id, name, of, title, needs, shows = () => true, fewest }) {
  const rowsOf = (scene) => of(scene).detections.filter(({ row }) => row < DRAWN_ROWS);
  return {
    id,
    name,
    needs,
    shows,
    title(scene) {
      const hidden = of(scene).total - rowsOf(scene).length;
      return hidden > 0 ? `${title(scene)} (${hidden} weaker not drawn)` : title(scene);
    },
    height(scene) {
      return ROW * Math.max(fewest, ...rowsOf(scene).map(({ row }) => row + 1)) + 1;
    },
    draw(context, box, scene) {
      for (const row of rowsOf(scene)) drawDetection(context, box, scene, row, of(scene).source);
      if (!of(scene).detections.length) {
        context.fillStyle = scene.palette.muted;
        context.fillText("no detections with these settings", scene.axis.left + 6, box.top + ROW / 2);
      }
    },
    hit(x, y, box, scene) {
      const at = Math.floor((y - box.top) / ROW);
      const time = scene.axis.toTime(x);
      const slack = (3 / scene.axis.width) * scene.axis.span;
      const row = rowsOf(scene).find((each) => each.row === at && each.start - slack <= time && time <= each.end + slack);
      return row ? { kind: id === "detections" ? "detection" : "other", row } : null;
    },
  };
}

function drawDetection(context, box, scene, row, source) {
  const { axis, palette, view } = scene;
  const own = view.classes.includes(row.label);
  const top = box.top + row.row * ROW;
  const height = ROW - 3;
  const color = own ? palette[source] : palette.muted;
  const solid = own && row.hit !== false;
  const place = bar(context, axis, {
    ...row, top, height,
    fill: solid ? color : null,
    stroke: color,
    dash: own ? null : [4, 3],
    alpha: own ? 1 : 0.8,
  });
  if (!place) return;
  if (own && row.hit === false) stripes(context, place, top, height, color);
  if (scene.isSelected("detection", row)) ringed(context, place, { top, height }, palette.ink);
  const text = textOf(row, view.classes[0]);
  if (own && row.hit === false) plate(context, axis, place, { top, height }, text, palette);
  const ink = solid ? palette.surface : own ? palette.ink : palette.muted;
  const middle = top + height / 2 + 0.5;
  if (label(context, axis, place, middle, text, ink)) return;
  const beside = { x: place.x + place.width, width: axis.toPixel(row.free) - place.x - place.width };
  label(context, axis, beside, middle, text, own ? palette.ink : palette.muted);
}

function textOf({ hit, score, tiou, label: name }, main) {
  const mark = hit === null ? "" : hit ? "✓ " : "✗ ";
  const overlap = hit === null || !tiou ? "" : ` · ${tiou.toFixed(2)}`;
  return `${mark}${score.toFixed(2)}${overlap}${name === main ? "" : ` ${name}`}`;
}
