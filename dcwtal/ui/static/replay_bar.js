// Replay of training: every stage of the run, and the moments within its phases where the run traced the shown video.

import { button, make } from "./dom.js";
import { segments } from "./form.js";
import { changeOf, phaseOf, replayMoments, stageMoments } from "./replay_moments.js";
import { videoUrl } from "./requests.js";
import { same } from "./same.js";

const STAGE_DELAY = 600; // milliseconds that a stage stays while playing
const WITHIN_DELAY = 250;
const QUIET = 300; // milliseconds a video must be shown before its replay is fetched
const TEACHING = {
  warmup: "warm-up: CBP alone learns from the labels of whole videos",
  B: "B step, background: CBP teaches VLP what is background",
  F: "F step, foreground: VLP teaches CBP what is foreground",
  S: "S step: CBP learns from its own labels",
};
const THUMB = 14; // pixels, as in replay_bar.css

export class ReplayBar {
  constructor(root, room) {
    Object.assign(this, { root, room, moments: [], shows: false, timer: 0, waiting: 0 });
    this.play = button("", () => this.toggle(), { id: "replay-play", class: "rb-play", "aria-label": "play the training", title: "play the training: warm-up, then step by step" });
    this.stages = make("div", "rb-stages");
    this.range = make("input", "rb-range", "", { id: "replay-moment", type: "range", min: 0, step: 1, "aria-label": "moment of training" });
    this.range.addEventListener("input", () => this.stopThen(() => this.go(Number(this.range.value), "replace")));
    const track = make("div", "rb-track");
    track.append(this.stages, this.range);
    this.toggleChange = make("input", "", "", { id: "replay-changes", type: "checkbox" });
    this.toggleChange.addEventListener("change", () => this.showChanges(this.toggleChange.checked));
    const label = make("label", "rb-toggle", "", { title: "highlight in the label tracks what the teaching changed, against the stage before" });
    label.append(this.toggleChange, make("span", "", "show what changed"));
    this.text = make("p", "rb-text", "", { role: "status" });
    const what = make("div", "rb-what");
    what.append(label, this.text);
    root.append(this.play, track, what);
    room.session.listen((changed) => this.follow(changed));
  }

  /** Next (1) or previous (-1) stage, for the keyboard. */
  step(by) {
    const { session } = this.room;
    const ends = this.moments.filter(({ within }) => !within);
    const place = ends.findIndex(({ stage }) => stage === session.view.stage);
    const next = ends[session.snapshot && by < 0 ? place - 1 : session.snapshot ? place : place + by];
    if (next) this.stopThen(() => this.go(this.moments.indexOf(next), "push"));
  }

  follow(changed) {
    const { session } = this.room;
    this.root.hidden = !session.data;
    if (!session.data) return this.stop();
    if (changed.has("run") || changed.has("video")) this.load();
    if (["video", "curves", "run"].some((what) => changed.has(what))) this.update();
  }

  /** Another video: its stages at once, the moments between them when they have been fetched. */
  load() {
    const { session } = this.room;
    const { data, run } = session;
    if (this.of === data.scores) return;
    this.of = data.scores;
    this.stop();
    this.take(stageMoments(run.stages));
    session.requests.forget("replay");
    clearTimeout(this.waiting);
    if (run.probe_videos && !run.probe_videos.includes(data.id)) return;
    this.waiting = setTimeout(() => this.fetch(data), QUIET);
  }

  async fetch({ id, scores }) {
    const { session } = this.room;
    const reply = await session.requests.get("replay", videoUrl(session.view.run, id, "replay")).catch((error) => this.tell(error.message));
    if (!reply || this.of !== scores) return;
    const moments = replayMoments(reply.header, session.run.stages);
    if (!moments.some(({ within }) => within)) return;
    scores.add({ ...reply.header, stages_sent: moments.map(({ key }) => key) }, reply.arrays);
    this.take(moments);
    this.update();
  }

  take(moments) {
    this.moments = moments;
    const { stages } = this.room.session.run;
    const count = (stage) => moments.filter((moment) => moment.stage === stage).length;
    const choices = stages.map(({ name, title }) => ({ value: name, title, help: TEACHING[phaseOf(name)] }));
    const within = moments.map(({ stage }) => count(stage));
    if (!same([choices, within], this.built)) this.build(choices, count);
    this.built = [choices, within];
    const last = Math.max(1, moments.length - 1);
    this.range.max = String(moments.length - 1);
    // The thumb of moment i stands in the middle of the i-th of equally wide cells.
    this.range.style.width = `calc(${(100 * last) / (last + 1)}% + ${THUMB}px)`;
    this.range.style.marginLeft = `calc(${50 / (last + 1)}% - ${THUMB / 2}px)`;
  }

  build(choices, count) {
    const choose = (stage) => this.stopThen(() => this.go(this.moments.findIndex(({ key }) => key === stage), "push"));
    this.segments = segments({ id: "stage", label: "stage", choices, onChange: choose });
    this.segments.root.querySelectorAll("label").forEach((item, place) => {
      const { value } = choices[place];
      item.classList.add(`rb-${phaseOf(value)}`);
      item.style.flexGrow = String(count(value));
      // A chosen radio does not fire when it is clicked again: back from a moment within its phase.
      item.addEventListener("click", () => this.room.session.snapshot && this.room.session.view.stage === value && choose(value));
    });
    this.stages.replaceChildren(this.segments.root);
  }

  update() {
    const { session } = this.room;
    const { moment, view } = session;
    this.segments.set(view.stage);
    const place = this.moments.findIndex(({ key }) => key === moment);
    this.range.value = String(place);
    this.range.setAttribute("aria-valuetext", this.moments[place]?.title || moment);
    this.showText(place);
    this.goToWanted();
  }

  showText(place) {
    const { session, timeline } = this.room;
    const stages = session.run.stages.map(({ name }) => name);
    const { stage } = session.view;
    const asked = { moment: session.moment, stage, before: stages[stages.indexOf(stage) - 1], className: session.view.classes[0], rules: session.rules };
    const change = this.shows ? changeOf(session.data, asked) : null;
    const moment = this.moments[place];
    this.tell(this.shows ? sentenceOf(change, moment, asked) : moment?.within ? `${moment.title}. The data set's numbers: at the end of ${stage}.` : TEACHING[phaseOf(stage)]);
    this.text.classList.toggle("rb-idle", !this.shows);
    const highlights = change && { branch: change.branch, segments: change.segments, kind: change.kind };
    if (same(highlights, session.highlights ?? null)) return;
    session.highlights = highlights;
    timeline.draw();
  }

  /** A moment within a phase that an address asked for, once it is here. */
  goToWanted() {
    const { session } = this.room;
    const place = session.wantedSnapshot ? this.moments.findIndex(({ key }) => key === session.wantedSnapshot) : -1;
    if (place < 0) return;
    session.wantedSnapshot = "";
    queueMicrotask(() => this.go(place, "replace")); // after everyone has heard of what led here
  }

  showChanges(shown) {
    this.shows = shown;
    this.update();
  }

  tell(text) {
    this.text.textContent = text;
    this.text.title = text;
  }

  go(place, history) {
    const moment = this.moments[place];
    if (!moment) return;
    this.room.session.change({ stage: moment.stage }, { history, snapshot: moment.within ? moment.key : "" });
  }

  toggle() {
    if (this.timer) return this.stop();
    const place = Number(this.range.value);
    if (place >= this.moments.length - 1) this.go(0, "replace");
    this.mark(true);
    this.wait();
  }

  wait() {
    const here = this.moments[Number(this.range.value)];
    this.timer = setTimeout(() => this.advance(), here?.within ? WITHIN_DELAY : STAGE_DELAY);
  }

  advance() {
    const next = Number(this.range.value) + 1;
    if (next >= this.moments.length) return this.stop();
    this.go(next, "replace");
    if (next === this.moments.length - 1) return this.stop();
    this.wait();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.mark(false);
  }

  /** What the person does ends the playing. */
  stopThen(action) {
    this.stop();
    action();
  }

  mark(playing) {
    this.play.classList.toggle("rb-playing", playing);
    this.play.setAttribute("aria-label", playing ? "stop the replay" : "play the training");
  }

  /** For tests and scripts. */
  state() {
    return { moments: this.moments.map(({ key }) => key), moment: this.room.session.moment, playing: this.timer > 0, text: this.text.textContent };
  }
}

function sentenceOf(change, moment, { stage, className }) {
  if (!change) return phaseOf(stage) === "warmup" ? "The warm-up is the beginning: nothing before it to compare with." : "Nothing before this stage to compare with.";
  const { branch, kind, snippets, seconds, right } = change;
  const when = moment?.within ? moment.title : stage;
  if (!snippets) return `${when} ${kind} no ${branch.toUpperCase()} foreground of ${className}.`;
  const judged = right === null ? "" : `: ${right} right, ${snippets - right} wrong`;
  return `${when} ${kind} ${seconds.toFixed(1)} s of ${branch.toUpperCase()} foreground of ${className} (${snippets} snippets)${judged}.`;
}
