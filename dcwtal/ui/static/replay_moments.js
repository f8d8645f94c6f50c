// The moments of training that can be shown, and what a step changed. No drawing.

import { FOREGROUND, runsOf, ternary } from "./scores.js";

// Which branch a phase teaches, and what the teaching does to its foreground (paper, alternating schedule): in a B step
// VLP learns CBP's background, in an F step (or S, self-training) CBP learns foreground.
const TAUGHT = { B: ["vlp", "removed"], F: ["cbp", "added"], S: ["cbp", "added"] };
const KEY_DIGITS = 6; // as the folders of the trace are named: B1-000075

/** The ends of the phases alone: [{stage, key, title, within}]. */
export function stageMoments(stages) {
  return stages.map(({ name, title }) => ({ stage: name, key: name, title, within: false }));
}

/** The moments of a replay ({snapshots: [{stage, step, title}]}); the last one of each stage is the stage itself. */
export function replayMoments({ snapshots }, stages) {
  return snapshots.map(({ stage, step, title }, place) => {
    const within = snapshots[place + 1]?.stage === stage;
    const key = within ? `${stage}-${String(step).padStart(KEY_DIGITS, "0")}` : stage;
    return { stage, key, within, title: within ? title : stages.find(({ name }) => name === stage)?.title || title };
  });
}

/** Sort of a phase by the name of its stage: "warmup", "B", "F" or "S". */
export function phaseOf(stage) {
  return stage[0] in TAUGHT ? stage[0] : "warmup";
}

/** What the phase changed up to a moment, in the foreground of the branch that it teaches, against the stage before.
 *  @returns {branch, kind: "removed"|"added", segments, snippets, seconds, right}, `right` null without a truth: how many of
 *  the snippets were removed off the action, or added on it; null where there is no stage before */
export function changeOf({ scores, truth, duration }, { moment, stage, before, className, rules }) {
  const [branch, kind] = TAUGHT[phaseOf(stage)] || [];
  if (!branch || !before || !scores.has(moment, className) || !scores.has(before, className)) return null;
  const [was, now] = [before, moment].map((key) => ternary(scores.curve(key, branch, className), rules));
  const gone = (i) => was[i] === FOREGROUND && now[i] !== FOREGROUND;
  const came = (i) => was[i] !== FOREGROUND && now[i] === FOREGROUND;
  const changed = Int8Array.from(now, (_, i) => ((kind === "removed" ? gone(i) : came(i)) ? 1 : 0));
  const segments = runsOf(changed)
    .filter(([, , value]) => value)
    .map(([first, past]) => ({ start: Math.max(0, scores.edge(first)), end: Math.min(duration, scores.edge(past)) }));
  const own = truth?.filter(({ label }) => label === className);
  const isAction = (i) => own.some(({ start, end }) => start <= middle(scores, i) && middle(scores, i) < end);
  const places = Array.from(changed.keys()).filter((i) => changed[i]);
  return {
    branch, kind, segments,
    snippets: places.length,
    seconds: segments.reduce((sum, { start, end }) => sum + end - start, 0),
    right: own ? places.filter((i) => isAction(i) === (kind === "added")).length : null,
  };
}

function middle(scores, index) {
  return (scores.edge(index) + scores.edge(index + 1)) / 2;
}
