// Tables of one video: rates of each branch, how they grew stage by stage, how probable its classes are.

import { make } from "./dom.js";
import { percent } from "./number_text.js";

const BRANCHES = [["cbp", "CBP"], ["vlp", "VLP"], ["fused", "fused"]];
const FOUND = ["true_positive_rate", "found (TPR)", "true-positive rate: share of the action's frames scored at least δh; low: incomplete"];
const CLEAR = ["true_negative_rate", "clear (TNR)", "true-negative rate: share of the other frames scored below δh; low: over-complete"];
const COLUMNS = [
  FOUND,
  CLEAR,
  ["foreground_iou", "fg IoU", "foreground IoU: frames of the action and frames scored at least δh, intersection over union"],
  ["background_iou", "bg IoU", "background IoU: the other frames and those scored below δh"],
  ["confident_share", "confident", "share of the frames scored above δh or below δl"],
];
const SHOWN_CLASSES = 4;

/** The three branches at one stage. @param {object} rates  branch → name of a rate → share */
export function rateTable(rates, caption) {
  const table = captioned("vp-table vp-rates", caption);
  const head = table.createTHead().insertRow();
  head.append(make("td"));
  for (const [, title, help] of COLUMNS) head.append(make("th", "", title, { scope: "col", title: help }));
  const body = table.createTBody();
  for (const [branch, title] of BRANCHES) {
    const row = body.insertRow();
    row.className = `tl-${branch}`;
    row.append(rowHead(title));
    for (const [key] of COLUMNS) row.append(meter(rates[branch]?.[key]));
  }
  return table;
}

/** Both rates of both branches over all stages: how they come together. @param {object} byStage  stage → branch → rate → share */
export function historyTable(byStage, stages, now, note) {
  const table = captioned("vp-table vp-history", `Stage by stage, %${note}`);
  const shown = stages.filter(({ name }) => byStage[name]);
  const head = table.createTHead().insertRow();
  head.append(make("td"));
  for (const { name, title } of shown) head.append(make("th", name === now ? "vp-now" : "", title, { scope: "col" }));
  const body = table.createTBody();
  for (const [branch, title] of BRANCHES.slice(0, 2)) {
    for (const [key, name] of [FOUND, CLEAR]) {
      const row = body.insertRow();
      row.className = `tl-${branch}`;
      row.append(rowHead(`${title} ${name}`, key === FOUND[0]));
      for (const { name: stage } of shown) {
        const share = byStage[stage][branch]?.[key];
        row.append(make("td", stage === now ? "vp-now" : "", typeof share === "number" ? String(Math.round(100 * share)) : "–"));
      }
    }
  }
  return table;
}

/** How probable the classes are in the whole video, and which of them are localized. @param {object[]} classes  of the answer */
export function classesTable(classes, caption) {
  const table = captioned("vp-table vp-classes", caption);
  const body = table.createTBody();
  const chosen = classes.filter((one) => one.chosen).length;
  for (const one of classes.slice(0, Math.max(SHOWN_CLASSES, Math.min(chosen, 2 * SHOWN_CLASSES)))) {
    const row = body.insertRow();
    row.className = one.chosen ? "vp-chosen" : "";
    const name = rowHead(one.label, false);
    row.append(name, meter(one.score), make("td", "vp-word", one.chosen ? "localized" : ""));
  }
  return table;
}

function captioned(className, caption) {
  const table = make("table", className);
  table.append(make("caption", "", caption));
  return table;
}

function rowHead(title, swatch = true) {
  const cell = make("th", "", "", { scope: "row", title });
  cell.append(make("i", swatch ? "vp-swatch" : "vp-swatch vp-none"), title);
  return cell;
}

function meter(share) {
  const cell = make("td", "vp-meter", percent(share));
  if (typeof share === "number") cell.style.setProperty("--share", String(Math.max(0, Math.min(1, share))));
  return cell;
}
