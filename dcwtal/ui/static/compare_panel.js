// Compare what is shown with another stage, another run, or the run's own settings: choices, differences, numbers.

import { Comparison } from "./comparison.js";
import { SIDES, differenceLists, videoTables } from "./compare_results.js";
import { button, make } from "./dom.js";
import { segments, select } from "./form.js";
import { NumbersAsker } from "./numbers_asker.js";
import { NumbersView } from "./numbers_view.js";
import { Requests } from "./requests.js";
import { switched } from "./track_order.js";

const NEEDED_TRACKS = { overlay: ["other-detections"], split: ["other-curves", "other-detections"] };
const LISTS_OPEN = ["cp-here", "cp-there"];

export class ComparePanel {
  static id = "compare";
  static title = "Compare";
  static help = "the shown video beside another stage, another run, or the run's own settings";

  constructor(root, room) {
    Object.assign(this, { root, room });
    const { session } = room;
    this.comparison = new Comparison(session, () => this.refresh());
    const redraw = () => this.showNumbers();
    this.askers = SIDES.map((side) => new NumbersAsker(new Requests(), `numbers-${side}`, redraw, { alone: true }));
    this.numbers = new NumbersView(SIDES, { trivial: false });
    this.open = new Set(LISTS_OPEN);
    this.build();
  }

  build() {
    this.head = make("div", "cp-head");
    this.choices = make("div", "cp-choices");
    this.said = make("p", "cp-state", "", { role: "status" });
    this.results = make("div", "cp-results");
    this.video = make("div", "cp-video");
    this.lists = make("div", "cp-lists");
    const dataSet = make("section", "cp-data-set");
    dataSet.append(make("h3", "cp-title", "Whole data set"), this.numbers.state, this.numbers.bar, this.numbers.map, this.numbers.rates, this.numbers.protocol);
    this.results.append(this.video, this.lists, dataSet);
    this.root.append(this.head, this.choices, this.said, this.results);
  }

  /** Something arrived for the other side: show it if this panel is in view. */
  refresh() {
    if (this.room.session.view.panel === ComparePanel.id) this.show(this.room.timeline.scene);
  }

  show(scene) {
    const { session } = this.room;
    this.choices.hidden = !scene;
    if (!scene) {
      this.head.replaceChildren();
      this.results.hidden = true;
      this.said.textContent = "No video to compare anything with. Choose a run and a video above.";
      return;
    }
    this.showChoices();
    const { compare } = session.view;
    const { problem, answer } = this.comparison;
    this.said.textContent = this.stateText();
    this.said.classList.toggle("cp-failed", Boolean(compare && problem));
    this.results.hidden = !compare || Boolean(problem) || !answer || !session.answer;
    if (this.results.hidden) return;
    this.showVideo();
    this.wantNumbers();
  }

  stateText() {
    const { session } = this.room;
    const { problem, answer, target } = this.comparison;
    if (!session.view.compare) return "Choose what to compare with: its curves are drawn dotted, its detections in a lane of their own, and here stands what differs.";
    if (problem) return problem;
    if (!answer) return "reading the other side…";
    const here = session.run.stages.find(({ name }) => name === session.view.stage)?.title;
    const twins = this.comparison.isShown ? " Both are the same: choose another stage, another run, or change settings." : "";
    return `there: ${target.title} · here: ${here}${Object.keys(session.view.settings).length ? ", changed settings" : ""}.${twins}`;
  }

  /** Presets and choices; made anew only when the run changes. */
  showChoices() {
    const { session } = this.room;
    const { view, studio, run } = session;
    const other = studio.runs.find(({ key }) => key === view.compare?.run) || run;
    if (this.madeFor !== `${run.key}\n${other.key}`) {
      this.madeFor = `${run.key}\n${other.key}`;
      this.makeChoices(run, other);
    }
    const { compare } = view;
    this.end.hidden = !compare;
    this.fields.run.set(compare?.run || run.key);
    this.fields.stage.set(compare ? compare.stage || other.final_stage : "");
    this.fields.settings.set(compare ? (compare.settings === "own" ? "own" : "same") : "");
    this.fields.layout.set(compare ? (compare.layout === "split" ? "split" : "overlay") : "");
  }

  makeChoices(run, other) {
    const { studio } = this.room.session;
    const runs = studio.runs;
    const next = runs[(runs.indexOf(run) + 1) % runs.length];
    const first = run.stages[0];
    const presets = [
      [`the ${first.title}`, { run: run.key, stage: first.name, settings: "same" }, "compare-warmup"],
      ["without my changes", () => ({ run: run.key, stage: this.room.session.view.stage, settings: "own" }), "compare-own"],
      ...(next === run ? [] : [[`run ${next.title}`, () => ({ run: next.key, stage: this.stageIn(next), settings: "same" }), "compare-next-run"]]),
    ];
    this.end = button("End", () => this.choose(null), { id: "end-compare", title: "end the comparison" });
    this.head.replaceChildren(
      ...presets.map(([title, what, id]) => button(title, () => this.choose(typeof what === "function" ? what() : what), { id })),
      this.end,
    );
    const title = (one) => (one.key === run.key ? `${one.title} (shown)` : one.title);
    this.fields = {
      run: select({ id: "compare-run", label: "run", choices: runs.map((one) => ({ value: one.key, title: title(one) })), onChange: (key) => this.choose({ run: key, stage: this.stageIn(runs.find((one) => one.key === key)) }) }),
      stage: select({ id: "compare-stage", label: "stage", choices: [{ value: "", title: "choose…" }, ...other.stages.map((stage) => ({ value: stage.name, title: stage.title }))], onChange: (stage) => stage && this.choose({ stage }) }),
      settings: segments({ id: "compare-settings", label: "settings", choices: SETTINGS, onChange: (settings) => this.choose({ settings }) }),
      layout: segments({ id: "compare-layout", label: "curves", choices: LAYOUTS, onChange: (layout) => this.choose({ layout }) }),
    };
    this.choices.replaceChildren(...Object.values(this.fields).map(({ root }) => root));
    this.fields.run.root.hidden = runs.length < 2;
  }

  /** The shown stage, where another run has it; else that run's final one. */
  stageIn(run) {
    const { session } = this.room;
    const { stage } = session.view;
    const isFinal = stage === session.run.final_stage;
    return !isFinal && run.stages.some(({ name }) => name === stage) ? stage : run.final_stage;
  }

  choose(changes) {
    const { session } = this.room;
    const { view, run } = session;
    if (!changes) return session.change({ compare: null }, { history: "push" });
    const usual = { run: run.key, stage: view.stage, settings: "same", layout: "overlay" };
    const compare = { ...usual, ...view.compare, ...changes };
    const tracks = NEEDED_TRACKS[compare.layout].reduce((shown, id) => (shown.includes(id) ? shown : switched(shown, id, true)), view.tracks);
    return session.change({ compare, tracks }, { history: "push" });
  }

  showVideo() {
    const { session, timeline } = this.room;
    const there = this.comparison.answer;
    const here = session.answer;
    const inputs = [there, here, session.view.classes];
    if (this.shown && inputs.every((input, place) => input === this.shown[place])) return;
    this.shown = inputs;
    this.video.replaceChildren(...videoTables(there, here, session.view.classes[0]));
    const lists = differenceLists(there, here, session.view.classes, ({ start, end, label }, isHere) => {
      timeline.goTo(start);
      if (isHere) session.change({ selected: { kind: "detection", start, end, label } }, { history: "none" });
    });
    for (const list of lists) {
      list.open = this.open.has(list.id);
      list.addEventListener("toggle", () => this.open[list.open ? "add" : "delete"](list.id));
    }
    this.lists.replaceChildren(...lists);
  }

  wantNumbers() {
    const { session } = this.room;
    const { target } = this.comparison;
    const { stage, settings, rules, subset } = session.asked();
    const { body } = target;
    const other = { stage: body.stage, settings: body.settings, rules: body.rules, subset };
    this.without = target.run.subsets.includes(subset) || !subset ? "" : `Run ${target.run.key} has no scores of the ${subset} videos.`;
    if (this.without) this.askers[0].stop();
    else this.askers[0].want(target.run.key, other);
    this.askers[1].want(session.view.run, { stage, settings, rules, subset });
    this.showNumbers();
  }

  showNumbers() {
    const [there, here] = this.askers;
    this.numbers.show(there.numbers, here.numbers, {
      stale: there.stale || here.stale,
      loading: there.loading || here.loading,
      error: this.without || there.error || here.error,
      note: videosNote(there.numbers, here.numbers),
    });
  }
}

/** Which videos the numbers are about; two runs may have been scored on different ones. */
function videosNote(there, here) {
  if (!there || !here) return "";
  const [others, ours] = [there.protocol, here.protocol];
  const subset = ours.subset || "all";
  if (others.videos === ours.videos && others.instances === ours.instances) return `${subset} videos`;
  return `${subset} videos, not the same: ${others.videos} with ${others.instances} instances there, ${ours.videos} with ${ours.instances} here`;
}

const SETTINGS = [
  { value: "same", title: "as shown", help: "the other side with the settings that are shown" },
  { value: "own", title: "its own", help: "the other side with its run's own settings" },
];
const LAYOUTS = [
  { value: "overlay", title: "overlaid", help: "the other curves dotted over the shown ones" },
  { value: "split", title: "split", help: "the other curves in a lane of their own" },
];
