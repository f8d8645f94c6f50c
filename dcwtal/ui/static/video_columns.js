// The columns of the table of videos, how it is sorted and filtered. No drawing.

import { clockText } from "./time_axis.js";

const share = (value) => value.toFixed(2);
const percent = (value) => (100 * value).toFixed(1);
const seconds = (value) => value.toFixed(1);
const count = (value) => String(value);
export const ANY_ERROR = "any";
export const MISSED = "missed";
const RIGHT = "true positive";

// {id, title, help, width in pixels, value(row, kind), text(value), narrow: also shown where there is little room}
export const COLUMNS = [
  { id: "title", title: "video", help: "name of the video", width: 0, value: (row) => row.title, text: String, narrow: true },
  { id: "spark", title: "curves", help: "CBP and VLP over the whole video, of the class in the tooltip; sorts by that class", width: 104, value: (row) => row.spark?.label, narrow: true },
  number("ap", "AP", "mean AP over the video's classes at the tIoU that counts as found, %", 44, percent, true),
  number("foreground_iou", "fg IoU", "foreground IoU of the frames, of the branch that is localized, %", 42, percent, true),
  number("background_iou", "bg IoU", "background IoU of the frames, of the branch that is localized, %", 42, percent, true),
  number("over_complete", "over s", "over-complete: mean seconds by which detections stick out of their instances", 44, seconds, true),
  number("incomplete", "short s", "incomplete: mean seconds by which detections fall short of their instances", 46, seconds, true),
  number("fragments", "frag.", "instances that are found in pieces only", 42, count, true),
  number("merges", "merge", "detections that run over several instances", 46, count, true),
  number("missed", "missed", "instances that are not found", 50, count, true),
  { ...number("wrong", "wrong", "wrong detections, of the chosen kind of error", 48, count, true), value: (row, kind) => wrongOf(row, kind) },
  number("disagreement", "differ", "mean |CBP − VLP|: how much the branches disagree", 46, share, true),
  number("confident_share", "conf.", "share of the frames above δh or below δl, %", 42, percent, true),
  number("duration", "length", "duration", 50, (value) => clockText(value, 0), true),
  { id: "labels", title: "labels", help: "classes of the video", width: 96, value: (row) => row.labels?.join(", "), text: String, narrow: true },
  { id: "subset", title: "subset", help: "subset of the data set", width: 70, value: (row) => row.subset, text: String },
];

function number(id, title, help, width, text, narrow = false) {
  return { id, title, help, width, text, narrow, value: (row) => row[id], isNumber: true };
}

function wrongOf({ kinds }, kind) {
  if (!kinds) return null;
  if (kind && kind !== ANY_ERROR && kind !== MISSED) return kinds[kind] || 0;
  return Object.entries(kinds).reduce((sum, [name, many]) => sum + (name === RIGHT ? 0 : many), 0);
}

/** Rows that pass `filter` ({text, label, subset, kind}), sorted by `sort` ({id, down}); what has no value comes last. */
export function arranged(rows, filter, sort) {
  const kept = rows.filter((row) => passes(row, filter));
  const column = COLUMNS.find(({ id }) => id === sort.id);
  if (!column) return kept;
  const sign = sort.down ? -1 : 1;
  const keyed = kept.map((row) => [column.value(row, filter.kind) ?? null, row]);
  const order = column.isNumber ? (a, b) => a - b : new Intl.Collator("en", { numeric: true }).compare;
  keyed.sort(([a], [b]) => (a === null || b === null ? (a === null) - (b === null) : sign * order(a, b)));
  return keyed.map(([, row]) => row);
}

function passes(row, { text, label, subset, kind }) {
  const words = text.toLowerCase();
  if (words && !`${row.id} ${row.title} ${row.labels?.join(" ")}`.toLowerCase().includes(words)) return false;
  if (label && !row.labels?.includes(label)) return false;
  if (subset && row.subset !== subset) return false;
  if (kind === ANY_ERROR) return wrongOf(row) > 0 || row.missed > 0;
  if (kind === MISSED) return row.missed > 0;
  return !kind || (row.kinds?.[kind] || 0) > 0;
}
