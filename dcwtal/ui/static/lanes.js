// The tracks, top to bottom. A lane is
//   {id, name, title(scene), height(scene), draw(context, box, scene)} and, where it needs them,
//   shows(scene)  whether there is anything to show at all (else the lane takes no room),
//   hit(x, y, box, scene)  what is under the mouse: {kind, row} or null,
//   keeps(scene)  all that its picture shows besides axis and colours: while these are the same objects, the picture
//     that was drawn last is copied instead of drawn again,
//   flexible  takes the room that is left, tall  its title stands beside a score axis.
// `box` is {top, height}; horizontal places come from scene.axis. To add a track, write one and put it here.

import { curvesLane } from "./lane_curves.js";
import { detectionsLane, otherDetectionsLane } from "./lane_detections.js";
import { disagreementLane, mapLane, ribbonLane } from "./lane_maps.js";
import { marksLane } from "./lane_marks.js";
import { otherCurvesLane } from "./lane_other_curves.js";
import { stripLane } from "./lane_strip.js";
import { truthLane } from "./lane_truth.js";

export const LANES = [
  stripLane,
  truthLane,
  curvesLane,
  otherCurvesLane,
  mapLane("cbp"),
  ribbonLane("cbp"),
  mapLane("vlp"),
  ribbonLane("vlp"),
  ribbonLane("fused"),
  disagreementLane,
  detectionsLane,
  otherDetectionsLane,
  marksLane,
];

/** The lanes of a list of ids, in that order. */
export function lanesOf(ids) {
  return ids.map((id) => LANES.find((lane) => lane.id === id)).filter(Boolean);
}
