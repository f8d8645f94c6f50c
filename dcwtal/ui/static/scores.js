// One video's class scores: curves, their fusion, ternary maps. No drawing.
// Everything is rounded to float32 exactly where numpy rounds, so that both sides agree bit for bit
// (dcwtal/localize/fusion.py and dcwtal/training/pseudo_labels.py are the reference).

export const FOREGROUND = 1;
export const BACKGROUND = 0;
export const UNCERTAIN = -1;

const f32 = Math.fround;
const CURVES_KEPT = 60;

export class VideoScores {
  /** @param {object} header  @param {object} arrays  `cbp` and `vlp` of shape (S', T, C'): those stages and classes of
   *  a large video that were sent; more come with `add` */
  constructor(header, arrays) {
    this.classes = header.classes;
    this.stages = header.stages;
    this.grid = header.grid;
    this.video = { cbp: arrays.cbp_video, vlp: arrays.vlp_video };
    this.parts = [];
    this.kept = new Map(); // curves made so far: the same question gets the same array
    this.add(header, arrays);
  }

  /** Take in more curves. */
  add({ stages_sent: stages = this.stages, classes_sent: columns }, { cbp, vlp }) {
    const classes = (columns || this.classes.map((_, column) => column)).map((column) => this.classes[column]);
    this.parts.push({ stages, classes, cbp, vlp });
    this.kept.clear();
  }

  /** Whether the curves of a class at a stage are here. */
  has(stage, className) {
    return this.parts.some(({ stages, classes }) => stages.includes(stage) && classes.includes(className));
  }

  get count() {
    return this.grid.n;
  }

  /** Left edge of a snippet in seconds. */
  edge(index) {
    return this.grid.start + index * this.grid.step;
  }

  /** Index of the snippet that covers a time, or -1 outside the grid. */
  snippetAt(time) {
    const index = Math.floor((time - this.grid.start) / this.grid.step + 1e-6);
    return index < 0 || index >= this.grid.n ? -1 : index;
  }

  /** The (T,) float32 curve of a class at a stage, NaN where it is not here; `branch` is cbp, vlp or fused with `weight`. */
  curve(stage, branch, className, weight) {
    const key = JSON.stringify([stage, branch, className, branch === "fused" ? weight : 0]);
    if (!this.kept.has(key)) {
      if (this.kept.size >= CURVES_KEPT) this.kept.clear();
      this.kept.set(key, this.makeCurve(stage, branch, className, weight));
    }
    return this.kept.get(key);
  }

  makeCurve(stage, branch, className, weight) {
    const part = this.parts.find(({ stages, classes }) => stages.includes(stage) && classes.includes(className));
    if (!part) return new Float32Array(this.grid.n).fill(NaN);
    const of = (name) => columnOf(part[name], part.stages.indexOf(stage), part.classes.indexOf(className));
    return branch === "fused" ? fuse(of("cbp"), of("vlp"), weight) : of(branch);
  }

  /** How probable a branch finds each class in the whole video: [{name, share}], most probable first. */
  videoClasses(stage, branch) {
    const { values, shape } = this.video[branch];
    const first = this.stages.indexOf(stage) * shape[1];
    return this.classes
      .map((name, column) => ({ name, share: values[first + column] }))
      .sort((a, b) => b.share - a.share);
  }
}

function columnOf({ values, shape }, row, column) {
  const [, count, classes] = shape;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = values[(row * count + i) * classes + column];
  return out;
}

/** w·CBP + (1 − w)·VLP. */
export function fuse(cbp, vlp, weight) {
  const ours = f32(weight);
  const theirs = f32(1 - weight);
  return cbp.map((value, i) => f32(f32(ours * value) + f32(theirs * vlp[i])));
}

/** The curve stretched to [0, 1], as the pseudo-labels do when asked to. */
export function minMax(curve) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of curve) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = Math.max(f32(high - low), f32(1e-6));
  return curve.map((value) => f32(f32(value - low) / span));
}

/** Eq. 4 for one class: int8 of 1 foreground, 0 background, -1 uncertain. Both comparisons are strict. */
export function ternary(curve, { high, low, minmax }) {
  const above = f32(high);
  const below = f32(low);
  const scores = minmax ? minMax(curve) : curve;
  return Int8Array.from(scores, (v) => (v > above ? FOREGROUND : v < below ? BACKGROUND : UNCERTAIN));
}

/** Runs of equal value as [first, past the last, value]. */
export function runsOf(labels) {
  const runs = [];
  for (let first = 0, i = 1; i <= labels.length; i++) {
    if (i === labels.length || labels[i] !== labels[first]) {
      runs.push([first, i, labels[first]]);
      first = i;
    }
  }
  return labels.length ? runs : [];
}
