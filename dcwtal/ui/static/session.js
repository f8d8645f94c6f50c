// What is looked at, and everything that is known about it. The only place that changes the view.
//
// `view` is plain data: {run, video, stage, classes, curves, settings, rules, tiou, panel, sheet, selected, compare}.
// `settings` and `rules` hold only what differs from the run's own. Listeners get the set of what changed: "run",
// "video", "curves", "answer", "view" (the look), "notice".

import { PREFIX, Requests, runUrl, videoUrl } from "./requests.js";
import { same } from "./same.js";
import { videoData } from "./video_data.js";
import { possibleRules, possibleSettings, possibleStage } from "./possible_settings.js";

export const CURVES = ["cbp", "vlp", "fused"];
export const MOST_CLASSES = 4; // so many line styles can be told apart
const MATCH_TIOU = 0.5;
// What has to be asked again when a part of the view changes.
const NEEDS_ANSWER = new Set(["stage", "settings", "rules", "tiou"]);
const NEEDS_CURVES = new Set(["stage", "rules", "classes", "tiou"]);

export class Session {
  constructor() {
    this.requests = new Requests();
    this.listeners = [];
    this.studio = null; // reply of the studio route
    this.videos = []; // reply of the run's videos route
    this.data = null; // the shown video
    this.answer = null; // detections and their matches; of the newest settings once `fresh`
    this.fresh = false;
    this.notice = "";
    this.problem = ""; // why nothing is shown
    this.view = {
      run: "", video: "", stage: "", classes: [], curves: [...CURVES], settings: {}, rules: {}, tiou: MATCH_TIOU,
      panel: "video", sheet: "", selected: null, compare: null,
    };
    this.snapshot = ""; // name, among the scores' stages, of a moment within the phase that ends in view.stage
    this.wantedSnapshot = ""; // the one that an address asks for, until its curves are here
    this.order = null; // ids of videos as the table last sorted them
    this.opening = 0;
    this.historyMode = "replace"; // of the change being announced
    this.onlySettings = this.tuned = false; // it leaves the tracks as they are; it is of thresholds and settings alone
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  tell(...what) {
    for (const listener of this.listeners) listener(new Set(what), this);
  }

  /** The chosen run's description, or undefined. */
  get run() {
    return this.studio?.runs.find((run) => run.key === this.view.run);
  }

  /** The stage, or the moment within its phase, whose curves are shown. */
  get moment() {
    return this.snapshot || this.view.stage;
  }

  /** All localization settings in force. */
  get settings() {
    return { ...this.run?.settings, ...this.view.settings };
  }

  /** δ_h, δ_l, min-max and the fusion weight in force. */
  get rules() {
    return { ...this.run?.rules, ...this.view.rules, fusion_weight: this.settings.fusion_weight };
  }

  /** Start from an address: {run, video, …} as viewFromAddress gives it. */
  async start(asked) {
    this.studio = await this.requests.get("studio", `${PREFIX}/studio`);
    return this.go(asked, { history: "replace" });
  }

  /** Go to another place: run and video first, then everything else that `asked` names; the rest is the usual. */
  async go(asked, { history = "push" } = {}) {
    const turn = ++this.opening;
    const notices = [];
    const before = { view: this.view, snapshot: this.snapshot, videos: this.videos };
    this.heading = asked.video;
    this.fresh = false;
    if (this.data) this.tell("notice");
    const runs = this.studio.runs;
    if (!runs.length) return this.fail(this.studio.notice || "No trained run to show yet.");
    let run = runs.find((one) => one.key === asked.run);
    if (!run) {
      run = runs[0];
      if (asked.run) notices.push(`There is no run “${asked.run}” here; this is ${run.key}.`);
    }
    try {
      if (this.view.run !== run.key || !this.videos.length) {
        const reply = await this.requests.get("videos", runUrl(run.key, "videos"));
        if (turn !== this.opening || !reply) return null;
        this.videos = reply.videos;
        this.order = null;
        if (reply.notice) notices.push(reply.notice);
      }
      const video = this.videos.find((one) => one.id === asked.video) || this.videos[0];
      if (asked.video && video && asked.video !== video.id) {
        notices.push(`Run ${run.key} has no video “${asked.video}”; this is ${video.id}.`);
      }
      this.view = { ...this.view, run: run.key, stage: run.final_stage, settings: {}, rules: {}, tiou: MATCH_TIOU, selected: null, compare: null };
      this.snapshot = "";
      if (!video) return this.fail(`Run ${run.key} has no scored video. Finish it with the same 'dcwtal train' command.`);
      this.adopt(asked, run, notices);
      await this.load(video, asked, turn, notices);
    } catch (error) {
      if (turn === this.opening) this.stay(before, error.message);
      return null;
    }
    if (turn !== this.opening) return null;
    this.heading = null;
    this.notice = notices.join(" ");
    this.historyMode = history;
    this.tell("run", "video", "curves", "view", "notice");
    this.fetchCurves();
    return this.ask();
  }

  /** Take over the parts of an address that this run can follow. */
  adopt(asked, run, notices) {
    const { view } = this;
    [view.stage, this.wantedSnapshot] = possibleStage(asked.stage, run, notices);
    view.settings = possibleSettings(this.studio.form, asked.settings, run.settings, notices);
    view.rules = possibleRules(asked, run.rules, notices);
    if (typeof asked.tiou === "number" && asked.tiou > 0 && asked.tiou <= 1) view.tiou = asked.tiou;
    if (asked.curves) view.curves = CURVES.filter((name) => asked.curves.includes(name));
    for (const name of ["panel", "sheet"]) if (asked[name] !== undefined) view[name] = asked[name];
    if (asked.compare) view.compare = asked.compare;
  }

  /** Another video of the run that is shown: settings, stage and panel stay. */
  openVideo(id, { time = null, run = this.view.run, classes = null, selected = null, sheet = "" } = {}) {
    const { stage, curves, settings, rules, tiou, panel, compare } = this.view;
    const stays = run === this.view.run ? { stage, settings, ...rules, tiou, compare } : { stage: "" };
    const asked = { run, video: id, curves, panel, sheet, ...stays, classes: classes || undefined };
    if (time !== null) asked.t = time;
    return this.go(asked).then(() => selected && this.change({ selected }, { history: "none" }));
  }

  /** A video that was just opened from the visitor's disk. */
  openFresh({ run, video }) {
    this.videos = [];
    return this.openVideo(video, { run });
  }

  /** The next (1) or the previous (-1) video in the order of the table, round and round. */
  stepVideo(step) {
    const ids = this.order?.length ? this.order : this.videos.map(({ id }) => id);
    const place = ids.indexOf(this.heading ?? this.view.video);
    const next = place < 0 ? ids[0] : ids[(place + step + ids.length) % ids.length];
    return next && this.openVideo(next);
  }

  async load(video, asked, turn, notices) {
    const url = videoUrl(this.view.run, video.id, `data?stage=${encodeURIComponent(this.view.stage)}`);
    const key = videoUrl(this.view.run, video.id, "data");
    const place = { start: asked.t ?? null, zoom: asked.zoom ?? null };
    if (this.data?.url === key) this.data = { ...this.data, ...place, moved: asked.t !== undefined };
    else if (!(await this.fetchData(video, { url, key }, place, turn, notices))) return;
    this.view.video = video.id;
    this.problem = "";
    const { scores, labels } = this.data;
    const known = (asked.classes || []).filter((name) => scores.classes.includes(name));
    const kept = this.view.classes.filter((name) => labels.includes(name));
    this.view.classes = (known.length ? known : kept.length ? kept : this.ownClasses().slice(0, 1)).slice(0, MOST_CLASSES);
  }

  async fetchData(video, { url, key }, place, turn, notices) {
    const reply = await this.requests.get("data", url);
    if (turn !== this.opening || !reply) return false;
    if (reply.header.notice) notices.push(reply.header.notice);
    this.answer = null;
    const film = videoUrl(this.view.run, video.id, "video");
    this.data = { ...video, ...videoData(reply), ...place, url: key, videoUrl: film, moved: true };
    return true;
  }

  /** The video's own classes first, then by how probable CBP finds them. */
  ownClasses() {
    const { scores, labels } = this.data;
    const rest = scores.videoClasses(this.view.stage, "cbp").map(({ name }) => name);
    return [...labels.filter((name) => rest.includes(name)), ...rest.filter((name) => !labels.includes(name))];
  }

  /** Change the view. `history`: "push" makes a step for the back button, "replace" does not, "none" leaves the address.
   *  `snapshot` goes with a stage: a moment within its phase; without, the end of the phase is shown. */
  change(changes, { history = "replace", snapshot = "" } = {}) {
    const keys = Object.keys(changes).filter((key) => !same(changes[key], this.view[key]));
    const moved = "stage" in changes && snapshot !== this.snapshot;
    if (!keys.length && !moved) return null;
    if (moved) this.snapshot = snapshot;
    const before = this.rules.fusion_weight;
    this.view = { ...this.view, ...changes };
    this.historyMode = history;
    this.tuned = keys.length > 0 && keys.every((key) => key !== "stage" && NEEDS_ANSWER.has(key));
    const asks = moved || keys.some((key) => NEEDS_ANSWER.has(key));
    if (asks) {
      this.fresh = false;
      this.requests.turn += 1;
    }
    const curves = moved || keys.some((key) => NEEDS_CURVES.has(key)) || before !== this.rules.fusion_weight;
    this.onlySettings = !curves && keys.every((key) => key === "settings");
    const answer = asks && this.data ? this.ask() : null; // on its way before anything is drawn
    this.tell("view", ...(curves ? ["curves"] : []));
    if (curves) this.fetchCurves();
    return answer;
  }

  /** Of a large video only some curves were sent: get those of the chosen classes at the stage. */
  async fetchCurves() {
    const { view, data } = this;
    if (!data) return;
    const { scores } = data;
    const missing = view.classes.filter((name) => !scores.has(view.stage, name)).map((name) => scores.classes.indexOf(name));
    if (!missing.length) return;
    const url = `${videoUrl(view.run, view.video, "curves")}?${new URLSearchParams({ stage: view.stage, classes: missing })}`;
    const { header, arrays } = (await this.requests.get("curves", url)) || {};
    if (!header || this.data !== data) return;
    scores.add(header, arrays);
    this.tell("curves");
  }

  /** Change one localization setting; its own value of the run removes the change. */
  changeSetting(key, value, options) {
    const settings = { ...this.view.settings, [key]: value };
    if (same(value, this.run.settings[key])) delete settings[key];
    return this.change({ settings }, options);
  }

  changeRule(name, value, options) {
    const rules = { ...this.view.rules, [name]: value };
    if (same(value, this.run.rules[name])) delete rules[name];
    return this.change({ rules }, options);
  }

  /** What every question about the present settings carries. */
  asked(extra = {}) {
    const { stage, settings, tiou } = this.view;
    const { high, low } = this.rules;
    return { stage, settings, rules: { high, low }, tiou, subset: this.subset, ...extra };
  }

  /** The same for a question about the shown video, which may be seen at a moment within a phase. */
  askedOfVideo(extra = {}) {
    const step = this.snapshot ? { step: Number(this.snapshot.split("-").pop()) } : {};
    return this.asked({ ...step, ...extra });
  }

  /** The subset whose data-set numbers are shown: the shown video's own, else the run's first. */
  get subset() {
    const { subsets } = this.run;
    return subsets.includes(this.data?.subset) ? this.data.subset : subsets[0];
  }

  /** Detections and matches of the shown video for the view. */
  async ask() {
    this.fresh = false;
    const { run, video } = this.view;
    try {
      const answer = await this.requests.post("answer", videoUrl(run, video, "answer"), this.askedOfVideo());
      if (!answer || run !== this.view.run || video !== this.view.video) return null;
      this.answer = answer;
      this.fresh = true;
      this.tell("answer");
    } catch (error) {
      this.notice = [this.notice, `${error.message}.`.replace("..", ".")].filter(Boolean).join(" ");
      if (Object.keys({ ...this.view.settings, ...this.view.rules }).length) return this.useOwnSettings();
      this.fresh = true;
      this.tell("notice");
    }
    return null;
  }

  /** Settings that the server refuses, from an address: back to the run's own. */
  useOwnSettings() {
    this.notice += " These are the run's own settings.";
    this.tell("notice");
    return this.change({ settings: {}, rules: {} });
  }

  /** A place that cannot be reached: what was shown stays, if anything was. */
  stay(before, message) {
    if (!this.data) return this.fail(message);
    this.heading = null;
    Object.assign(this, before, { notice: message, fresh: true });
    return this.tell("run", "view", "notice");
  }

  fail(message) {
    this.data = this.answer = this.heading = null;
    this.problem = message;
    this.fresh = true;
    this.tell("run", "video", "curves", "view", "notice");
  }
}
