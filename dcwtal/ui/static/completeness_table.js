// How complete each class is, branch by branch.

import { make } from "./dom.js";

const TITLES = { cbp: "CBP", vlp: "VLP", fused: "fused" };
// [key, head, help, text of a value]
const COLUMNS = [
  ["coverage", "cov.", "coverage: mean share of the instance that a detection covers, %", percent],
  ["purity", "pur.", "purity: mean share of a detection that lies inside its instance, %", percent],
  ["outward", "out s", "over-complete: mean seconds that stick out of the instance at both ends", seconds],
  ["inward", "in s", "incomplete: mean seconds missing at both ends", seconds],
  ["merges", "merge", "detections that cover half of two instances or more", count],
  ["fragments", "frag.", "instances with two pieces or more, none of which is enough", count],
  ["deletes", "del.", "instances that no detection overlaps", count],
  ["insertions", "ins.", "detections that overlap no instance", count],
];

/** @param {object[]} rows  `per_class` of the plane route  @param {string[]} branches  their order */
export function completenessTable(rows, branches) {
  if (!rows.length) return make("p", "cp-note", "No instance and no detection of these classes.");
  const table = make("table", "", "", { id: "completeness-table" });
  table.append(make("caption", "", "Per class"));
  const head = table.createTHead().insertRow();
  head.append(make("th", "", "", { scope: "col" }));
  for (const [, title, help] of COLUMNS) head.append(make("th", "", title, { scope: "col", title: help }));
  for (const label of [...new Set(rows.map((row) => row.label))].sort()) {
    const own = rows.filter((row) => row.label === label).sort((a, b) => branches.indexOf(a.branch) - branches.indexOf(b.branch));
    const body = table.createTBody();
    const name = body.insertRow();
    name.className = "cp-class";
    name.append(make("th", "", `${label} (${own[0].instances} instances)`, { colspan: COLUMNS.length + 1, scope: "rowgroup" }));
    for (const row of own) body.append(branchRow(row));
  }
  return table;
}

function branchRow(row) {
  const line = make("tr", `tl-${row.branch}`);
  const name = make("th", "", "", { scope: "row" });
  name.append(make("i"), TITLES[row.branch]);
  line.append(name, ...COLUMNS.map(([key, , , text]) => make("td", "", row[key] === null ? "–" : text(row[key]))));
  return line;
}

function percent(share) {
  return String(Math.round(100 * share));
}

function seconds(value) {
  return value.toFixed(1);
}

function count(value) {
  return String(value);
}
