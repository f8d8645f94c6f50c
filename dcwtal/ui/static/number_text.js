// Shares in [0, 1] as people read them.

const MINUS = "−";
const NONE = "–";

/** 0.6213 → "62.1"; nothing → "–". */
export function percent(share) {
  return share === null || share === undefined || Number.isNaN(share) ? NONE : (100 * share).toFixed(1);
}

/** The change from `before` to `after` in points: "+1.2", "−0.4", "0.0"; "" when one of them is missing. */
export function change(before, after) {
  if (![before, after].every((share) => typeof share === "number" && !Number.isNaN(share))) return "";
  const points = (100 * (after - before)).toFixed(1);
  if (Number(points) === 0) return "0.0";
  return after > before ? `+${points}` : points.replace("-", MINUS);
}

/** Class of a change: better, worse or neither. */
export function direction(text) {
  if (text.startsWith("+")) return "nv-up";
  return text.startsWith(MINUS) ? "nv-down" : "";
}
