// What a comparison found in the shown video: counts and rates of both sides, and which detections differ.

import { differenceOf } from "./compare_detections.js";
import { button, make } from "./dom.js";
import { change, direction, percent } from "./number_text.js";
import { ratesTable } from "./numbers_view.js";
import { clockText } from "./time_axis.js";

export const SIDES = ["there", "here"];
const LISTED = 12; // of each kind; the others are counted

/** Counts and AP of the chosen class, and the branches' rates. @param {object} there, here  replies of the answer route */
export function videoTables(there, here, name) {
  const tables = [countsTable(there, here, name)];
  const rates = [there, here].map((side) => side.rates?.[name] || null);
  if (rates.some(Boolean)) tables.push(ratesTable({ rates: rates[0] }, { rates: rates[1] }, SIDES));
  return tables;
}

function countsTable(there, here, name) {
  const table = make("table", "nv-table cp-counts");
  const truth = Boolean(here.counts);
  const head = table.createTHead().insertRow();
  const titles = truth ? ["✓ found", "✗ wrong", "missed", "AP", "detections"] : ["detections"];
  head.append(make("th", "", truth ? name : "", { scope: "col", title: name }), ...titles.map((title) => make("th", "", title, { scope: "col" })));
  const body = table.createTBody();
  [there, here].forEach((side, place) => {
    const row = body.insertRow();
    if (place) row.className = "nv-now";
    row.append(make("th", "", SIDES[place], { scope: "row" }));
    const { hits = 0, wrong = 0, missed = 0 } = side.counts?.[name] || {};
    const values = truth ? [hits, wrong, missed, percent(side.ap?.[name])] : [];
    for (const value of [...values, side.total]) row.append(make("td", "", String(value)));
    if (!truth || !place) return;
    const text = change(there.ap?.[name], here.ap?.[name]);
    row.cells[4].append(make("small", `cp-change ${direction(text)}`, text === "0.0" ? "" : text));
  });
  return table;
}

/** The detections that differ, in three lists. @param {(row, isHere: boolean) => void} onChoose  a row was clicked */
export function differenceLists(there, here, classes, onChoose) {
  const found = differenceOf(here.detections, there.detections);
  const isTurned = (pair) => pair.here.hit !== pair.there.hit; // what the comparison is about: these come first
  const turned = found.both.filter(isTurned).length;
  const own = (row) => !classes.includes(row.label);
  const ordered = (rows, rowOf = (row) => row) => [...rows].sort((a, b) => own(rowOf(a)) - own(rowOf(b)));
  return [
    list("cp-here", "only here", ordered(found.here), (row) => line(row, classes, [sideText(row)], () => onChoose(row, true))),
    list("cp-there", "only there", ordered(found.there), (row) => line(row, classes, [sideText(row)], () => onChoose(row, false))),
    list("cp-both", `on both sides${turned ? ` (${turned} right on one side alone)` : ""}`, [...ordered(found.both, (pair) => pair.here)].sort((a, b) => isTurned(b) - isTurned(a)), (pair) =>
      line(pair.here, classes, [`${sideText(pair.there)} → ${sideText(pair.here)}`, `tIoU ${pair.tiou.toFixed(2)}`], () => onChoose(pair.here, true)),
    ),
  ];
}

function list(id, title, rows, lineOf) {
  const root = make("details", "cp-list", "", { id });
  root.append(make("summary", "", `${title}: ${rows.length}`));
  const items = make("ul");
  items.append(...rows.slice(0, LISTED).map(lineOf));
  if (rows.length > LISTED) items.append(make("li", "cp-more", `and ${rows.length - LISTED} more, weaker or of other classes`));
  if (!rows.length) items.append(make("li", "cp-more", "none"));
  root.append(items);
  return root;
}

function line(row, classes, texts, onChoose) {
  const item = make("li");
  const node = button("", onChoose, { class: "cp-row", title: "go there" });
  node.append(make("span", "cp-time", `${clockText(row.start, 1)}–${clockText(row.end, 1)}`));
  if (row.label !== classes[0]) node.append(make("span", "cp-label", row.label));
  node.append(...texts.map((text) => make("span", "cp-score", text)));
  item.append(node);
  return item;
}

function sideText({ hit, score }) {
  return `${hit === null ? "" : hit ? "✓ " : "✗ "}${score.toFixed(2)}`;
}
