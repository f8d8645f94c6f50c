// Frame-level agreement of one branch with the truth, as in the paper's Figure 1: true positive, false positive,
// false negative, true negative over time. A snippet is called foreground when its score is at least δ_h.

export const KINDS = { TP: "action, found", FP: "no action, but fired", FN: "action, missed", TN: "no action, kept clear" };

/**
 * @param {Float32Array} curve  @param {number} high  δ_h
 * @param {(index: number) => number} edge  left edge of a snippet in seconds
 * @param {{start, end}[]} truth  instances of the class  @param {number} duration  seconds
 * @returns {{start, end, kind}[]} in order, without gaps inside [0, duration]
 */
export function ribbonOf(curve, high, edge, truth, duration) {
  const threshold = Math.fround(high);
  const fired = unite(runs(curve, (value) => value >= threshold).map(([first, past]) => [edge(first), edge(past)]), duration);
  const real = unite(truth.map(({ start, end }) => [start, end]), duration);
  const borders = [...new Set([0, duration, ...fired.flat(), ...real.flat()])].sort((a, b) => a - b);
  const pieces = [];
  let nextFired = 0;
  let nextReal = 0;
  for (let i = 0; i + 1 < borders.length; i++) {
    const [start, end] = [borders[i], borders[i + 1]];
    while (nextFired < fired.length && fired[nextFired][1] <= start) nextFired += 1;
    while (nextReal < real.length && real[nextReal][1] <= start) nextReal += 1;
    const called = nextFired < fired.length && fired[nextFired][0] <= start;
    const is = nextReal < real.length && real[nextReal][0] <= start;
    const kind = called ? (is ? "TP" : "FP") : is ? "FN" : "TN";
    const last = pieces[pieces.length - 1];
    if (last?.kind === kind) last.end = end;
    else pieces.push({ start, end, kind });
  }
  return pieces;
}

/** Maximal runs [first, past the last) of values that pass. */
export function runs(values, passes) {
  const found = [];
  let first = -1;
  for (let i = 0; i <= values.length; i++) {
    const inside = i < values.length && passes(values[i]);
    if (inside && first < 0) first = i;
    if (!inside && first >= 0) {
      found.push([first, i]);
      first = -1;
    }
  }
  return found;
}

function unite(intervals, duration) {
  const united = [];
  for (const [start, end] of intervals.map(([a, b]) => [Math.max(0, a), Math.min(duration, b)]).sort((a, b) => a[0] - b[0])) {
    if (end <= start) continue;
    const last = united[united.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else united.push([start, end]);
  }
  return united;
}
