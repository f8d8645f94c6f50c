// The panel about the shown video: what it is, how well each branch does on it, and under which protocol.

import { make } from "./dom.js";
import { same } from "./same.js";
import { classesTable, historyTable, rateTable } from "./rate_tables.js";
import { clockText } from "./time_axis.js";

export class VideoPanel {
  static id = "video";
  static title = "Video";
  static help = "what is shown, and how well each branch does on it";

  constructor(root, room) {
    Object.assign(this, { root, room });
    root.className = "vp";
    this.shown = null;
  }

  show(scene) {
    const { session } = this.room;
    if (!scene) {
      this.shown = null;
      return this.root.replaceChildren(make("p", "vp-note", "No video to tell about. Choose a run and a video above."));
    }
    const { view, answer, data, run } = session;
    // While thresholds move, everything here waits for the answer: nothing flickers through states that nobody asked for.
    const inputs = [answer, data, run, view.classes[0], view.stage];
    if (this.shown && inputs.every((input, place) => input === this.shown[place])) return null;
    this.shown = inputs;
    return this.root.replaceChildren(...this.parts(scene, session));
  }

  parts(scene, session) {
    const { data, run, answer, view } = session;
    const name = scene.main.name;
    const title = titleOfStage(run, view.stage);
    const history = data.rates?.[name] || null;
    const rates = answer?.rates?.[name] || history?.[view.stage] || null;
    const parts = [make("h2", "tl-title", data.title), make("p", "vp-sub", subtitle(data))];
    if (answer) parts.push(countsLine(answer, scene));
    if (rates) parts.push(rateTable(rates, `Frames of ${name} at ${title}`));
    else parts.push(make("p", "vp-note", absence(data, name)));
    if (history) parts.push(historyTable(history, run.stages, view.stage, rulesNote(session)));
    parts.push(classesTable(answer?.classes || [], classesCaption(scene, title)));
    return [...parts, ...notes(data, run)];
  }
}

/** A stage as people read it. */
function titleOfStage(run, stage) {
  return run.stages.find(({ name }) => name === stage)?.title || stage;
}

function subtitle({ subset, duration, labels, opened }) {
  const origin = opened ? "opened from your disk" : subset && `${subset} video`;
  return [origin, clockText(duration, 0), labels.length ? labels.join(", ") : "no labels"].filter(Boolean).join(" · ");
}

function countsLine(answer, scene) {
  const { main, source, settings } = scene;
  const line = make("p", "vp-counts");
  const by = `${source === "fused" ? "both branches fused" : source.toUpperCase()}, ${settings.mode} mode`;
  if (answer.counts) {
    const { hits, wrong, missed } = answer.counts[main.name] || { hits: 0, wrong: 0, missed: 0 };
    line.append(make("b", "vp-hit", `✓ ${hits} found`), make("b", "vp-wrong", `✗ ${wrong} wrong`), make("b", "vp-missed", `${missed} missed`));
    const precision = answer.ap?.[main.name];
    if (precision !== undefined && precision !== null) line.append(make("b", "", `AP ${(100 * precision).toFixed(1)}`, { title: "average precision of this class within this video" }));
    line.append(make("span", "", `${main.name} by ${by}, tIoU ≥ ${answer.tiou}`));
  } else {
    const { total } = answer;
    line.append(make("b", "", `${total} detection${total === 1 ? "" : "s"}`), make("span", "", `by ${by}; without truth there is no right or wrong`));
  }
  return line;
}

function absence(data, name) {
  if (data.truth === null) return "Nobody annotated this video: there are curves and detections, but no truth to compare with.";
  return `There is no ${name} in this video. Choose one of its own classes to see rates.`;
}

/** The table over stages keeps the run's own thresholds: it is made once, when the video is opened. */
function rulesNote({ run, rules }) {
  const own = [run.rules.high, run.rules.low];
  return same(own, [rules.high, rules.low]) ? "" : `, δh ${own[0]} and δl ${own[1]} as in training`;
}

function classesCaption({ source, settings }, stage) {
  const branch = settings.class_scores_branch === "same" ? source : settings.class_scores_branch;
  const from = settings.class_scores_stage === "same" ? stage : settings.class_scores_stage;
  return `ŷ of the whole video, ${branch === "fused" ? "fused" : branch.toUpperCase()} at ${from}: θ_cls ${settings.theta_cls}`;
}

function notes(data, run) {
  const own = data.opened;
  const texts = [run.protocols[data.subset], own ? run.own_video_note : run.caveat];
  return texts.filter(Boolean).map((text) => make("p", "vp-note", text));
}
