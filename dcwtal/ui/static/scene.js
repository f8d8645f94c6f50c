// Everything that the tracks show, worked out from the session. No drawing, no asking.

import { KeptValue } from "./kept_value.js";
import { CURVES } from "./session.js";
import { ribbonOf } from "./ribbons.js";
import { runsOf, ternary } from "./scores.js";

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]]; // one a class
// Worked out again only after a change: while θ_loc is dragged none of these moves.
const KEPT = Object.fromEntries(["cbp-map", "vlp-map", "cbp-ribbon", "vlp-ribbon", "fused-ribbon", "disagreement"].map((name) => [name, new KeptValue()]));
export const DRAWN_ROWS = 6;
const SELECTED_TOLERANCE = 1e-6;

/** @returns the scene, or null when there is no video; `axis` is the tracks' own. */
export function makeScene(session, axis) {
  const { data, view, rules, settings, answer } = session;
  if (!data) return null;
  const { scores, truth, labels } = data;
  const classes = view.classes.map((name, place) => ({
    name,
    dash: DASHES[place % DASHES.length],
    curves: curvesOf(scores, session.moment, name, rules.fusion_weight),
  }));
  const main = classes[0] || { name: "", dash: [], curves: {} };
  return {
    axis, view, rules, settings, scores, truth, labels, classes, main,
    data,
    duration: data.duration,
    source: settings.branch,
    maps: byBranch(["cbp", "vlp"], (branch) => mapOf(branch, main.curves[branch], rules)),
    ribbons: truth && byBranch(CURVES, (branch) => keptRibbon(branch, main, rules.high, data)),
    disagreement: KEPT.disagreement.of([main.curves.cbp, main.curves.vlp], () => main.curves.cbp.map((value, i) => Math.abs(value - main.curves.vlp[i]))),
    locThresholds: locThresholds(settings, main.curves[settings.branch]),
    detections: answer ? placed(answer.detections, view.classes) : [],
    total: answer?.total ?? 0,
    isMissed: (index) => answer?.instances?.[index]?.found === false,
    isSelected: (kind, row) => view.selected?.kind === kind && near(view.selected, row),
    rates: answer?.rates ?? null,
    other: session.other ?? null,
    marks: session.marks ?? [],
    highlights: session.highlights ?? null,
    strip: session.strip ?? null,
  };
}

function mapOf(branch, curve, rules) {
  return KEPT[`${branch}-map`].of([curve, rules.high, rules.low, rules.minmax], () => runsOf(ternary(curve, rules)));
}

function keptRibbon(branch, { name, curves }, high, { scores, truth, duration }) {
  return KEPT[`${branch}-ribbon`].of([curves[branch], high, truth, name], () => {
    const own = truth.filter(({ label }) => label === name);
    return ribbonOf(curves[branch], high, (index) => scores.edge(index), own, duration);
  });
}

/** The three curves of a class at a stage. */
export function curvesOf(scores, stage, name, weight) {
  return byBranch(CURVES, (branch) => scores.curve(stage, branch, name, weight));
}

/** Where θ_loc lies on the drawn curve: with min-max it moves with the curve. Peer mode has several, none to drag. */
export function locThresholds(settings, curve) {
  let [low, high] = [0, 1];
  const stretched = settings.mode === "peer" || settings.minmax;
  if (stretched) {
    [low, high] = [Infinity, -Infinity];
    for (const value of curve) [low, high] = [Math.min(low, value), Math.max(high, value)];
    if (!(high > low)) return { values: [], low: 0, high: 1, draggable: false };
  }
  const thetas = settings.mode === "peer" ? settings.theta_list : [settings.theta_loc];
  return { values: thetas.map((theta) => low + theta * (high - low)), low, high, draggable: settings.mode === "paper" };
}

/** Detections of the chosen classes first, then by score, in rows so that bars never overlap: [{…, row, free, index}],
 *  where `free` is the time up to which nothing follows in its row and `index` the place in the answer. What finds
 *  no place in the first rows gets row DRAWN_ROWS. */
export function placed(detections, classes) {
  const rank = (each) => (classes.includes(each.label) ? classes.indexOf(each.label) : classes.length);
  const ordered = detections.map((each, index) => ({ ...each, index }));
  ordered.sort((a, b) => rank(a) - rank(b) || b.score - a.score);
  const rows = Array.from({ length: DRAWN_ROWS }, () => []); // bars sorted by start
  for (const one of ordered) {
    one.row = rows.findIndex((row) => isFree(row, one));
    if (one.row < 0) one.row = DRAWN_ROWS;
    else rows[one.row].splice(after(rows[one.row], one.start), 0, one);
  }
  for (const row of rows) row.forEach((one, place) => (one.free = row[place + 1]?.start ?? Number.MAX_VALUE));
  return ordered;
}

function isFree(row, one) {
  const place = after(row, one.start);
  return (place === 0 || row[place - 1].end <= one.start) && (place === row.length || row[place].start >= one.end);
}

/** How many bars of a sorted row start at or before a time. */
function after(row, start) {
  let [low, high] = [0, row.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle].start <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byBranch(branches, of) {
  return Object.fromEntries(branches.map((branch) => [branch, of(branch)]));
}

function near(a, b) {
  return a.label === b.label && Math.abs(a.start - b.start) < SELECTED_TOLERANCE && Math.abs(a.end - b.end) < SELECTED_TOLERANCE;
}
