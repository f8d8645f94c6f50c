// What differs between two lists of detections: found on both sides (same label, tIoU at least one half), or on one only.

const SAME_TIOU = 0.5;

/** Temporal intersection over union of two rows {start, end}. */
function tiouOf(a, b) {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return shared <= 0 ? 0 : shared / (a.end - a.start + (b.end - b.start) - shared);
}

/** Each detection meets at most one of the other side; the closest pairs are taken first.
 *  @returns {{both: {here, there, tiou}[], here: object[], there: object[]}} best score first */
export function differenceOf(here, there, least = SAME_TIOU) {
  const pairs = pairsOf(here, there, least).sort((a, b) => b.tiou - a.tiou);
  const taken = new Set();
  const both = [];
  for (const pair of pairs) {
    if (taken.has(pair.here) || taken.has(pair.there)) continue;
    taken.add(pair.here).add(pair.there);
    both.push(pair);
  }
  const rest = (rows) => rows.filter((row) => !taken.has(row)).sort(byScore);
  return { both: both.sort((a, b) => byScore(a.here, b.here)), here: rest(here), there: rest(there) };
}

function pairsOf(here, there, least) {
  const others = new Map(); // label → rows by start
  for (const row of [...there].sort((a, b) => a.start - b.start)) {
    if (!others.has(row.label)) others.set(row.label, []);
    others.get(row.label).push(row);
  }
  const pairs = [];
  for (const one of here) {
    for (const other of others.get(one.label) || []) {
      if (other.start >= one.end) break;
      const tiou = tiouOf(one, other);
      if (tiou >= least) pairs.push({ here: one, there: other, tiou });
    }
  }
  return pairs;
}

function byScore(a, b) {
  return b.score - a.score;
}
