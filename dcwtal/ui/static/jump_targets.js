// Places worth jumping to: instances, detections and errors of the shown classes, in order of time.

import { DRAWN_ROWS } from "./scene.js";

const SAME_PLACE = 0.02; // seconds: the playhead stands at a selected row's start
const LEAST = 0.002; // seconds: a seek may land this far beside its goal, inside the same picture

/** @param {"instance"|"detection"|"error"} kind  @returns {{kind, start, end, label}[]} sorted by start, then end */
export function targetsOf(scene, kind) {
  const shown = ({ label }) => scene.view.classes.includes(label);
  const instances = (scene.truth || []).map((row, index) => ({ ...row, index })).filter(shown);
  const detections = scene.detections.filter((row) => row.row < DRAWN_ROWS && shown(row));
  const found = {
    instance: () => named(instances, "instance"),
    detection: () => named(detections, "detection"),
    error: () => [
      ...named(instances.filter(({ index }) => scene.isMissed(index)), "instance"),
      ...named(detections.filter(({ hit }) => hit === false), "detection"),
    ],
  }[kind]();
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * The target after (1) or before (-1) a time. Where several start together, the selected one counts as the place.
 * @param {number} slack  seconds by which a target must lie before the time to be "before" it: more while playing
 */
export function nextTarget(targets, direction, { time, selected = null, slack = LEAST }) {
  const here = targets.findIndex((each) => isSelected(each, selected) && Math.abs(each.start - time) < Math.max(SAME_PLACE, slack));
  if (here >= 0) return targets[here + direction] ?? null;
  if (direction > 0) return targets.find(({ start }) => start > time + LEAST) ?? null;
  return targets.findLast(({ start }) => start < time - slack) ?? null;
}

function named(rows, kind) {
  return rows.map(({ start, end, label }) => ({ kind, start, end, label }));
}

function isSelected(target, selected) {
  return Boolean(selected) && ["kind", "start", "end", "label"].every((key) => target[key] === selected[key]);
}
