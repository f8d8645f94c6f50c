// Detections in rows: ✓ solid, ✗ striped, with score and tIoU. One lane for the shown settings, one for what they are
// compared with.

import { bar, label, plate, ringed, stripes } from "./lane_shapes.js";
import { DRAWN_ROWS } from "./scene.js";

const ROW = 18;
const NARROWEST_TEXT = 12; // pixels: less room than any text needs, not worth measuring
const PADS = 8; // pixels around a text inside its bar
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
  fewest: FEWEST_ROWS,
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
  const ink = solid ? palette.surface : own ? palette.ink : palette.muted;
  const middle = top + height / 2 + 0.5;
  const beside = { x: place.x + place.width, width: axis.toPixel(row.free) - place.x - place.width };
  if (beside.width < NARROWEST_TEXT && place.width < NARROWEST_TEXT) return;
  const texts = textsOf(row, view.classes.length > 1 ? null : view.classes[0]);
  const room = Math.min(place.x + place.width, axis.left + axis.width) - Math.max(place.x, axis.left) - PADS;
  const inside = texts.find((text) => context.measureText(text).width <= room);
  if (inside !== texts[0] && label(context, axis, beside, middle, texts[0], own ? palette.ink : palette.muted)) return;
  if (!inside) return;
  if (own && row.hit === false) plate(context, axis, place, { top, height }, inside, palette);
  label(context, axis, place, middle, inside, ink);
}

/** What can be said of a detection, the most first: its mark, score, tIoU, and its class unless that is the only one shown. */
function textsOf({ hit, score, tiou, label: name }, main) {
  const mark = hit === null ? "" : hit ? "✓ " : "✗ ";
  const short = `${mark}${score.toFixed(2)}`;
  const named = name === main ? short : `${mark}${name} ${score.toFixed(2)}`;
  const full = hit === null || !tiou ? short : `${short} · ${tiou.toFixed(2)}`;
  const whole = name === main ? full : `${full} ${name}`;
  return [...new Set([whole, named, name === main ? full : mark + name, full, short, mark.trim()])].filter(Boolean);
}
