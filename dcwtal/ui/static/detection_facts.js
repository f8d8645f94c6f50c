// What is known about a detection, in plain words. No drawing.

import { clockText } from "./time_axis.js";

const EXACT = 0.05; // seconds: a boundary this near is called exact
// Kinds of dcwtal/evaluation/error_kinds.py (DETAD), for people.
export const KIND_WORDS = {
  "true positive": ["right", "it finds this instance"],
  "double detection": ["double", "its instance was already found by a better detection"],
  "wrong label": ["wrong class", "the place is right, the action there is of another class"],
  localization: ["badly placed", "the class is right, the overlap with the instance too small"],
  confusion: ["wrong class, badly placed", "it overlaps an action of another class a little"],
  background: ["background", "there is no action here, or hardly any of it"],
};

/** The kind in a word or two; null without a truth. */
export function kindWord({ kind, hit }) {
  return KIND_WORDS[kind]?.[0] ?? (hit === true ? "right" : hit === false ? "wrong" : null);
}

export function kindReason({ kind }) {
  return KIND_WORDS[kind]?.[1] ?? "";
}

/** "starts 0.8 s late, ends 2.1 s early". */
export function boundaryText({ start_error: start, end_error: end }) {
  if (start === null || start === undefined) return "";
  return `starts ${offset(start)}, ends ${offset(end)}`;
}

function offset(seconds) {
  if (Math.abs(seconds) < EXACT) return "on time";
  return `${Math.abs(seconds).toFixed(1)} s ${seconds > 0 ? "late" : "early"}`;
}

export function spanText({ start, end }) {
  return `${clockText(start, 1)} – ${clockText(end, 1)}`;
}

/** What stands in the card and the panel: [[name, text, help]]. `truth`: the instances' rows, null without a truth. */
export function factsOf(row, truth) {
  const instance = truth?.[row.instance];
  const facts = [["time", `${spanText(row)} (${(row.end - row.start).toFixed(1)} s)`], ["score", row.score.toFixed(3)]];
  if (truth === null) return facts;
  if (!instance) return [...facts, ["instance", `none of ${row.label} overlaps it`]];
  return [
    ...facts,
    ["instance", `${instance.label} ${spanText(instance)}`],
    ["tIoU", row.tiou.toFixed(2), "intersection over union with the instance"],
    ["coverage", percent(row.coverage), "share of the instance that the detection covers: low = incomplete"],
    ["purity", percent(row.purity), "share of the detection that lies inside the instance: low = over-complete"],
    ["boundaries", boundaryText(row)],
  ];
}

function percent(share) {
  return `${Math.round(100 * share)} %`;
}

/** The row of a list that a selection means, or null: answers come anew, selections stay. */
export function rowOf(selected, rows) {
  const near = (a, b) => Math.abs(a - b) < 1e-6;
  return rows?.find(({ start, end, label }) => label === selected.label && near(start, selected.start) && near(end, selected.end)) ?? null;
}
