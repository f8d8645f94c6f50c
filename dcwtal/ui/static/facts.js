// The panel beside the picture: what is shown, how well each branch does on it, and under which protocol.
// Names come from files and people: they are only ever put in as text.

import { clockText } from "./time_axis.js";

const ROWS = [["cbp", "CBP"], ["vlp", "VLP"], ["fused", "fused"]];
const COLUMNS = [
  ["true_positive_rate", "action found", "true-positive rate: share of the true action time scored above δh"],
  ["true_negative_rate", "rest kept clear", "true-negative rate: share of the other time not scored above δh"],
  ["confident_share", "confident", "share of the snippets above δh or below δl"],
];

export class Facts {
  constructor(root) {
    this.root = root;
  }

  /** @param {object} value  what Python sent  @param {object} scene  @param {object|null} answer  the detections route's reply */
  show(value, scene, answer) {
    const { view } = scene;
    const parts = [make("h3", "tl-title", value.title), make("p", "tl-sub", subtitle(value, scene))];
    const numbers = answer?.numbers?.[view.className];
    if (numbers) parts.push(rates(numbers, view, value), counts(numbers, answer, view));
    else if (answer) parts.push(make("p", "tl-note", absence(scene)));
    for (const note of value.notes || []) parts.push(make("p", "tl-note", note));
    this.root.replaceChildren(...parts);
  }
}

function subtitle(value, scene) {
  const labels = scene.labels.length ? scene.labels.join(", ") : "no labels";
  return [value.subset, clockText(scene.axis.duration, 0), labels].filter(Boolean).join(" · ");
}

function absence(scene) {
  if (scene.truth === null) return "Nobody annotated this video, so there is nothing to compare with: curves and detections only.";
  return `No ${scene.view.className} in this video. Choose one of its classes to see the numbers.`;
}

function rates(numbers, view, value) {
  const table = make("table", "tl-rates");
  const stage = value.stage_titles?.[view.stage] || view.stage;
  table.append(make("caption", "", `Frames of ${view.className} at ${stage}`));
  const head = table.createTHead().insertRow();
  head.append(make("td", "", ""));
  for (const [, title, help] of COLUMNS) {
    const cell = make("th", "", title);
    cell.scope = "col";
    cell.title = help;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [branch, title] of ROWS) {
    const row = body.insertRow();
    row.className = `tl-${branch}`;
    const name = make("th", "", "");
    name.scope = "row";
    name.append(make("i", "", ""), title);
    row.append(name);
    for (const [key] of COLUMNS) row.append(meter(numbers.branches[branch][key]));
  }
  return table;
}

function meter(share) {
  const cell = make("td", "tl-meter", share === null ? "–" : `${Math.round(100 * share)} %`);
  if (share !== null) cell.style.setProperty("--share", String(share));
  return cell;
}

function counts(numbers, answer, view) {
  const { hits, wrong, missed } = numbers.counts;
  const line = make("p", "tl-counts", "");
  line.append(make("b", "tl-hit", `✓ ${hits} correct`), make("b", "tl-wrong", `✗ ${wrong} wrong`), make("b", "tl-missed", `${missed} missed`));
  const how = `detections of ${view.source === "fused" ? "both branches fused" : view.source.toUpperCase()}, ${view.mode} mode`;
  line.append(make("span", "", `${how}, tIoU ≥ ${answer.tiou}`));
  return line;
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
