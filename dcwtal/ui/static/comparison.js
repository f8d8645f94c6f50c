// The other side of a comparison: its curves and detections of the shown video, kept up to date with the view.
// It puts them on the session as `other`, which the tracks draw.

import { Requests, runUrl, videoUrl } from "./requests.js";
import { curvesOf, placed } from "./scene.js";
import { VideoScores } from "./scores.js";
import { same } from "./same.js";

const PAUSE = 60; // milliseconds: the shown side is asked first

export class Comparison {
  /** @param {object} session  @param {() => void} onChange  told when something of the other side changed */
  constructor(session, onChange) {
    Object.assign(this, { session, onChange });
    this.requests = new Requests(); // its own: the shown side's questions shall not push these aside
    this.videosOf = new Map(); // run → promise of the ids of its videos
    this.clear();
    session.listen(() => this.follow());
  }

  clear() {
    Object.assign(this, { target: null, scores: null, answer: null, problem: "", place: "", asked: "", scoresAsked: "", published: null });
  }

  /** What view.compare means: {run, stage, own, layout, title, settings, body}, or {problem}. */
  resolve() {
    const { view, studio, settings: shown, rules } = this.session;
    const { compare } = view;
    const run = studio.runs.find(({ key }) => key === compare.run);
    if (!run) return { problem: `There is no run “${compare.run}” here to compare with. Choose another.` };
    const stage = compare.stage || run.final_stage;
    const known = run.stages.find(({ name }) => name === stage);
    if (!known) return { problem: `Run ${run.key} has no stage “${stage}”; it has ${run.stages.map(({ title }) => title).join(", ")}.` };
    const own = compare.settings === "own";
    const settings = own ? run.settings : shown;
    const body = { stage, settings: own ? {} : shown, rules: own ? {} : { high: rules.high, low: rules.low }, tiou: view.tiou };
    const elsewhere = run.key === view.run ? "" : `${run.title} `;
    const title = `${elsewhere}${known.title}${own ? " (own)" : ""}`;
    return { run, stage, own, settings, body, title, layout: compare.layout === "split" ? "split" : "overlay" };
  }

  /** Whether the other side is just what is shown. */
  get isShown() {
    const { session, target } = this;
    if (!target || target.run.key !== session.view.run || target.stage !== session.view.stage) return false;
    return same(target.settings, session.settings) && (!target.own || !Object.keys(session.view.rules).length);
  }

  follow() {
    const { session } = this;
    if (!session.view.compare || !session.data) return this.end("");
    const target = this.resolve();
    if (target.problem) return this.end(target.problem);
    this.target = target;
    const place = JSON.stringify([target.run.key, session.data.url]);
    if (place !== this.place) {
      this.clear();
      Object.assign(this, { target, place });
    }
    this.wantScores(place);
    this.wantAnswer(place);
    return this.publish();
  }

  /** No other side (any more). */
  end(problem) {
    const before = [this.problem, Boolean(this.session.other)];
    clearTimeout(this.timer);
    for (const kind of ["data", "answer", "curves"]) this.requests.forget(kind);
    this.clear();
    this.problem = problem;
    this.session.other = null;
    if (before[1] || before[0] !== problem) this.tellSoon();
  }

  /** Once a place; what stands in the way is told by `ask`. */
  async wantScores(place) {
    const { session, target } = this;
    if (target.run.key === session.view.run) this.scores = session.data.scores;
    if (this.scores || this.scoresAsked === place) return;
    this.scoresAsked = place;
    const { video } = session.view;
    try {
      if (!(await this.has(target.run, video))) return;
      const { header, arrays } = (await this.requests.get("data", videoUrl(target.run.key, video, "data"))) || {};
      if (place !== this.place || !header) return;
      this.scores = new VideoScores(header, arrays);
      this.publish();
    } catch (error) {
      if (place === this.place) this.refuse(error.message);
    }
  }

  /** Whether a run has scores of a video; another run's list is read once. */
  async has(run, video) {
    if (run.key === this.session.view.run) return true;
    if (!this.videosOf.has(run.key)) {
      const reply = this.requests.get(`videos of ${run.key}`, runUrl(run.key, "videos"));
      const ids = reply.then(({ videos }) => new Set(videos.map(({ id }) => id)));
      ids.catch(() => this.videosOf.delete(run.key)); // to be tried again
      this.videosOf.set(run.key, ids);
    }
    return (await this.videosOf.get(run.key)).has(video);
  }

  wantAnswer(place) {
    const { session, target } = this;
    const asked = JSON.stringify([place, target.body]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.problem = "";
    if (this.answer?.stage !== target.stage) this.answer = null; // of the same stage it stays until the new one is here
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(asked, target, session.view.video), PAUSE);
  }

  async ask(asked, target, video) {
    try {
      const { title } = this.session.data;
      if (!(await this.has(target.run, video))) throw new Error(`Run ${target.run.key} has no scores of “${title}”. Choose another run, or another video.`);
      if (asked !== this.asked) return;
      this.requests.turn += 1;
      const answer = await this.requests.post("answer", videoUrl(target.run.key, video, "answer"), target.body);
      if (!answer || asked !== this.asked) return;
      this.answer = answer;
      this.publish();
    } catch (error) {
      if (asked === this.asked) this.refuse(error.message);
    }
  }

  refuse(message) {
    this.problem = message;
    this.answer = this.session.other = null;
    this.tellSoon();
  }

  /** Of a large video only some curves were sent: get those of the chosen classes at the other side's stage. */
  async fetchCurves() {
    const { session, target, scores, place } = this;
    const { video, classes } = session.view;
    const missing = classes.filter((name) => scores.classes.includes(name) && !scores.has(target.stage, name));
    if (!missing.length) return;
    const query = new URLSearchParams({ stage: target.stage, classes: missing.map((name) => scores.classes.indexOf(name)) });
    try {
      const { header, arrays } = (await this.requests.get("curves", `${videoUrl(target.run.key, video, "curves")}?${query}`)) || {};
      if (!header) return;
      scores.add(header, arrays);
      this.publish();
    } catch (error) {
      if (place === this.place) this.refuse(error.message);
    }
  }

  /** Hand what is known to the tracks, when it differs from what they have. */
  publish() {
    const { session, target, scores, answer } = this;
    if (this.problem || !scores) return;
    const { classes } = session.view;
    const key = [scores, scores.parts.length, answer, classes, target.stage, target.settings.fusion_weight, target.layout, target.title];
    if (this.published && session.other && key.every((part, place) => part === this.published[place])) return;
    this.published = key;
    this.fetchCurves();
    const weight = target.settings.fusion_weight;
    const known = classes.filter((name) => scores.classes.includes(name));
    const curves = known.map((name) => ({ name, dash: [], curves: curvesOf(scores, target.stage, name, weight) }));
    session.other = {
      title: target.title,
      scores,
      source: (answer?.settings || target.settings).branch,
      classes: target.layout === "overlay" ? curves : [],
      beside: target.layout === "split" ? curves : null,
      detections: placed(answer?.detections || [], classes),
      total: answer?.total ?? 0,
    };
    this.tellSoon();
  }

  /** Tell everybody once those who are being told of a change just now have all heard of it. */
  tellSoon() {
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      this.session.tell("curves");
      this.onChange();
    });
  }
}
