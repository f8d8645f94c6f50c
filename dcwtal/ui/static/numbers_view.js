// Data-set numbers of two sides as dense tables: mAP at each tIoU with its averages, and what each branch does frame by
// frame. The first side is what is compared with, the second what is looked at.

import { make } from "./dom.js";
import { change, direction, percent } from "./number_text.js";

const BRANCHES = [["cbp", "CBP"], ["vlp", "VLP"], ["fused", "fused"]];
const RATES = [
  ["foreground_iou", "fg IoU", "foreground IoU: frames of the action and frames scored at least δh, intersection over union"],
  ["background_iou", "bg IoU", "background IoU: the other frames and those scored below δh"],
  ["true_positive_rate", "TPR", "share of the action's frames scored at least δh"],
  ["true_negative_rate", "TNR", "share of the other frames scored below δh"],
  ["confident_share", "confident", "share of the frames above δh or below δl: those that pseudo-labels learn from"],
];

export class NumbersView {
  /** @param {[string, string]} titles  of the two sides  @param {boolean} trivial  show the trivial baseline as well */
  constructor(titles, { trivial = true } = {}) {
    this.titles = titles;
    this.trivial = trivial;
    this.state = make("p", "nv-state", "", { role: "status" });
    this.bar = make("progress", "nv-bar", "", { max: 1, "aria-label": "score files read", hidden: true });
    this.map = make("div", "nv-map");
    this.rates = make("div", "nv-rates");
    this.protocol = make("p", "nv-protocol", "", { tabindex: "0", "aria-label": "protocol" });
    this.shown = [];
  }

  /** @param {object|null} first  reply of the numbers route  @param {object|null} second  the same for the other side
   *  @param {{stale: boolean, loading: object|null, error: string, note: string}} state */
  show(first, second, { stale, loading, error, note }) {
    const known = second || first;
    this.bar.hidden = !loading;
    if (loading) this.bar.value = loading.total ? loading.done / loading.total : 0;
    this.state.classList.toggle("nv-failed", Boolean(error));
    const reading = loading && `reading scores: ${loading.done} of ${loading.total} videos`;
    put(this.state, error || reading || (stale ? `${note} · computing…` : note));
    for (const part of [this.map, this.rates]) part.classList.toggle("nv-stale", stale);
    if (this.shown[0] === first && this.shown[1] === second && this.map.childElementCount) return;
    this.shown = [first, second];
    this.map.replaceChildren(known ? mapTable(first, second, this.titles, this.trivial) : make("p", "nv-none", "no numbers yet"));
    this.rates.replaceChildren(known ? ratesTable(first, second, this.titles) : "");
    put(this.protocol, known ? protocolText(known) : "");
    this.protocol.title = this.protocol.textContent;
  }
}

/** Under which rules the numbers were made, in one line. */
function protocolText({ protocol, stage, trivial, note, detections }) {
  const { title, subset, videos, instances, unit, selection } = protocol;
  const rows = [
    `${subset ? `${subset} split, ` : ""}${videos} videos, ${instances} instances`,
    title,
    title.includes(unit) ? "" : unit,
    `stage ${stage}: ${selection}`,
    `${detections} detections`,
    note || trivial?.note,
  ];
  return rows.filter(Boolean).join(" · ");
}

function mapTable(first, second, titles, withTrivial) {
  const { tiou, trivial } = second || first;
  const averages = [...new Set([first, second].flatMap((side) => Object.keys(side?.average || {})))];
  const table = make("table", "nv-table");
  const head = table.createTHead().insertRow();
  head.append(make("th", "", "mAP %", { scope: "col", title: "mean average precision over the classes, at each tIoU and averaged" }));
  for (const each of tiou) head.append(make("th", "", short(each), { scope: "col", title: `mAP at tIoU ${each}` }));
  for (const name of averages) head.append(make("th", "nv-average", shortRange(name), { scope: "col", title: `average of mAP over tIoU ${name}` }));
  const valuesOf = (side) => [...tiou.map((_, place) => side?.map?.[place]), ...averages.map((name) => side?.average?.[name])];
  const body = table.createTBody();
  const sides = [valuesOf(first), valuesOf(second)];
  sides.forEach((values, place) => body.append(rowOf(titles[place], values.map(percent), place ? "nv-now" : "nv-before", tiou.length)));
  const changes = sides[0].map((value, place) => change(value, sides[1][place]));
  body.append(rowOf("Δ", changes, "nv-change", tiou.length));
  if (withTrivial && trivial?.map) body.append(rowOf("trivial", valuesOf(trivial).map(percent), "nv-trivial", tiou.length));
  return table;
}

function rowOf(title, texts, className, tious) {
  const row = make("tr", className);
  const help = className === "nv-trivial" ? "one detection over the whole of each video, of its labels" : null;
  row.append(make("th", "", title, { scope: "row", title: help }));
  texts.forEach((text, place) => {
    const sign = className === "nv-change" ? direction(text) : "";
    row.append(make("td", [sign, place === tious ? "nv-average" : ""].filter(Boolean).join(" "), text));
  });
  return row;
}

/** What the branches do frame by frame, of two sides {rates: branch → rate → share}. */
export function ratesTable(first, second, titles) {
  const table = make("table", "nv-table nv-pairs");
  const head = table.createTHead().insertRow();
  head.append(make("th", "", "frames", { scope: "col", title: "in percent, over the frames of the labelled classes" }));
  for (const [, title, help] of RATES) head.append(make("th", "", title, { scope: "col", title: help }));
  const body = table.createTBody();
  for (const [branch, title] of BRANCHES) {
    const row = body.insertRow();
    row.className = `tl-${branch}`;
    const name = make("th", "", "", { scope: "row" });
    name.append(make("i", "nv-swatch"), title);
    row.append(name);
    for (const [key] of RATES) row.append(pairCell(first?.rates?.[branch]?.[key], second?.rates?.[branch]?.[key], titles));
  }
  return table;
}

/** The second value with its change; both values in words for whoever points at it. */
function pairCell(first, second, titles) {
  const cell = make("td", "nv-pair", percent(second), { title: `${titles[0]} ${percent(first)} → ${titles[1]} ${percent(second)}` });
  const text = change(first, second);
  cell.append(make("small", direction(text), text === "0.0" ? "" : text));
  return cell;
}

/** 0.55 → ".55"; 0.1:0.5 → ".1–.5". */
function short(tiou) {
  return String(tiou).replace(/^0\./, ".");
}

function shortRange(name) {
  return name.split(":").map(short).join("–");
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
