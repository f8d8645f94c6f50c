// The panel beside the picture: what is shown, how well each branch does on it, and under which protocol.
// Names come from files and people: they are only ever put in as text.

import { clockText } from "./time_axis.js";

const BRANCHES = [["cbp", "CBP"], ["vlp", "VLP"], ["fused", "fused"]];
const FOUND = ["true_positive_rate", "action found (TPR)", "true-positive rate: share of the action's frames scored at least δh"];
const CLEAR = ["true_negative_rate", "rest kept clear (TNR)", "true-negative rate: share of the other frames scored below δh"];
const CONFIDENT = ["confident_share", "confident", "share of the frames scored above δh or below δl"];

const MOST_CLASSES = 3;

export class Facts {
  constructor(root) {
    this.root = root;
  }

  /** @param {object} value  what Python sent  @param {object} scene  @param {object} answer  the detections route's reply */
  show(value, scene, answer) {
    const { view, rates } = scene;
    const parts = [make("h2", "tl-title", value.title), make("p", "tl-sub", subtitle(value, scene))];
    const own = rates[view.className];
    if (own) parts.push(stageTable(own[view.stage], view, value), historyTable(own, view, value));
    else parts.push(make("p", "tl-note", absence(scene)), ...classTables(scene, value));
    parts.push(countsLine(answer, view));
    for (const note of value.notes || []) parts.push(make("p", "tl-note", note));
    this.root.replaceChildren(...parts);
  }
}

function subtitle(value, scene) {
  const labels = scene.labels.length ? scene.labels.join(", ") : "no labels";
  return [value.subset, clockText(scene.axis.duration, 0), labels].filter(Boolean).join(" · ");
}

function absence(scene) {
  if (scene.truth === null) return "Nobody annotated this video: there are curves and detections, but no truth to compare with.";
  return `There is no ${scene.view.className} in this video. Choose one of its own classes to see rates.`;
}

/** The three branches at the chosen stage. */
function stageTable(rates, view, value) {
  const table = make("table", "tl-rates");
  table.append(make("caption", "", `Frames of ${view.className} at ${stageTitle(value, view.stage)}`));
  const head = table.createTHead().insertRow();
  head.append(make("td"));
  for (const [, title, help] of [FOUND, CLEAR, CONFIDENT]) head.append(columnHead(title, help));
  const body = table.createTBody();
  for (const [branch, title] of BRANCHES) {
    const row = body.insertRow();
    row.className = `tl-${branch}`;
    row.append(rowHead(title, true));
    for (const [key] of [FOUND, CLEAR, CONFIDENT]) row.append(meter(rates[branch][key]));
  }
  return table;
}

/** Both rates of both branches over all stages: how they come together. */
function historyTable(byStage, view, value) {
  const table = make("table", "tl-history");
  table.append(make("caption", "", "Stage by stage, %"));
  const head = table.createTHead().insertRow();
  head.append(make("td"));
  const stages = Object.keys(byStage);
  for (const stage of stages) head.append(columnHead(stageTitle(value, stage), "", stage === view.stage));
  const body = table.createTBody();
  for (const [branch, title] of BRANCHES.slice(0, 2)) {
    for (const [key, name] of [FOUND, CLEAR]) {
      const row = body.insertRow();
      row.className = `tl-${branch}`;
      row.append(rowHead(`${title} ${name}`, key === FOUND[0]));
      for (const stage of stages) {
        const share = byStage[stage][branch][key];
        const cell = make("td", stage === view.stage ? "tl-now" : "", share === null ? "–" : String(Math.round(100 * share)));
        row.append(cell);
      }
    }
  }
  return table;
}

/** Without rates: what each branch takes the whole video for. */
function classTables(scene, value) {
  const { scores, view } = scene;
  return BRANCHES.slice(0, 2).map(([branch, title]) => {
    const table = make("table", `tl-rates tl-${branch}`);
    table.append(make("caption", "", `Classes of the whole video, ${title} at ${stageTitle(value, view.stage)}`));
    const body = table.createTBody();
    for (const { name, share } of scores.videoClasses(view.stage, branch).slice(0, MOST_CLASSES)) {
      const row = body.insertRow();
      row.append(rowHead(name, true), meter(share));
    }
    return table;
  });
}

function stageTitle(value, stage) {
  return value.stage_titles?.[stage] || stage;
}

function columnHead(title, help, now = false) {
  const cell = make("th", now ? "tl-now" : "", title);
  cell.scope = "col";
  if (help) cell.title = help;
  return cell;
}

function rowHead(title, swatch) {
  const cell = make("th");
  cell.scope = "row";
  cell.append(make("i", swatch ? "" : "tl-none"), title);
  return cell;
}

function meter(share) {
  const cell = make("td", "tl-meter", share === null ? "–" : `${Math.round(100 * share)} %`);
  if (share !== null) cell.style.setProperty("--share", String(share));
  return cell;
}

function countsLine(answer, view) {
  const line = make("p", "tl-counts");
  const how = `${view.source === "fused" ? "both branches fused" : view.source.toUpperCase()}, ${view.mode} mode`;
  if (answer.counts) {
    const { hits, wrong, missed } = answer.counts[view.className] || { hits: 0, wrong: 0, missed: 0 };
    line.append(make("b", "", `✓ ${hits} found`), make("b", "", `✗ ${wrong} wrong`), make("b", "", `${missed} missed`));
    line.append(make("span", "", `detections of ${view.className} by ${how}, tIoU ≥ ${answer.tiou}`));
  } else {
    line.append(make("b", "", `${answer.detections.length} detection${answer.detections.length === 1 ? "" : "s"}`), make("span", "", `by ${how}`));
  }
  return line;
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
