// The synchronised timeline: one video, many tracks, one axis. gr.HTML calls mountTimeline once.
//
// Python → page: `value` (which video, stage, class, …; never bulk data). Page → routes: scores, detections, video.
// `window.dcwtal.timeline`: show(changes), seek(time), state().

import { fetchFrom } from "./blob.js";
import { VideoScores, BRANCHES, runsOf, ternary } from "./scores.js";
import { FrameClock } from "./frame_clock.js";
import { TimeAxis, clockText } from "./time_axis.js";
import { Seeker } from "./seek.js";
import { PresentedTime } from "./presented_time.js";
import { TrackStack } from "./track_stack.js";
import { CurvePlot, loadPlotly } from "./curve_plot.js";
import { packRows } from "./lanes.js";
import { readPalette, watchTheme } from "./palette.js";
import { Readout } from "./readout.js";
import { Facts } from "./facts.js";
import { listenToPointer } from "./pointer.js";
import { listenToKeys } from "./keyboard.js";
import { writeAddress } from "./address.js";
import { timelineState } from "./timeline_state.js";

/** Build the component inside gr.HTML's element; `props` and `watch` are gr.HTML's. */
export function mountTimeline(element, { props, watch, plotlyUrl }) {
  const timeline = new Timeline(element, loadPlotly(plotlyUrl));
  watch("value", () => timeline.open(props.value));
  window.dcwtal = { ...window.dcwtal, timeline: timeline.api() };
  return timeline.open(props.value);
}

class Timeline {
  constructor(element, plotly) {
    const find = (selector) => element.querySelector(selector);
    this.element = element.closest("#timeline") || element; // gr.HTML hands over an inner one
    this.host = find(".tl-host");
    this.video = find(".tl-video");
    this.message = find(".tl-message");
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.axis = new TimeAxis();
    this.stack = new TrackStack(this.host);
    this.plot = new CurvePlot(find(".tl-plot"), plotly);
    this.readout = new Readout(element);
    this.facts = new Facts(find(".tl-facts"));
    this.seeker = new Seeker(this.video, signal);
    this.presented = new PresentedTime(this.video, this.seeker, (time) => this.onTime(time), signal);
    this.answers = new Map(); // replies of the detections route, by address
    this.turn = 0; // the newest request wins
    this.hoverTime = null;
    listenToPointer(this.host, this, signal);
    listenToKeys(this, signal);
    this.listenToPlayer(signal);
    watchTheme(() => this.scene && this.draw());
    new ResizeObserver(() => this.scene && this.draw()).observe(this.host);
  }

  api() {
    return {
      show: (changes) => this.show(changes),
      seek: (time) => this.seek(time),
      state: () => timelineState(this),
      video: this.video,
    };
  }

  listenToPlayer(signal) {
    const button = this.element.querySelector(".tl-play");
    const on = (target, name, handler) => target.addEventListener(name, handler, { signal });
    on(button, "click", () => this.toggle());
    on(this.element.querySelector("#timeline-zoom-in"), "click", () => this.zoomAtPlayhead(1 / 1.5));
    on(this.element.querySelector("#timeline-zoom-out"), "click", () => this.zoomAtPlayhead(1.5));
    on(this.element.querySelector("#timeline-zoom-all"), "click", () => this.zoomOut());
    on(this.video, "click", () => this.toggle());
    on(this.video, "error", () => this.tell(`The browser cannot play this video: ${this.video.error?.message || "unknown format"}`));
    for (const name of ["play", "pause", "ended"]) {
      on(this.video, name, () => {
        button.classList.toggle("tl-playing", !this.video.paused);
        button.setAttribute("aria-label", this.video.paused ? "play" : "pause");
      });
    }
    on(this.video, "loadedmetadata", () => {
      const aspect = this.video.videoWidth / this.video.videoHeight || 4 / 3;
      this.element.style.setProperty("--aspect", Math.max(0.75, Math.min(16 / 9, aspect)).toFixed(4));
    });
    for (const name of ["pause", "seeked"]) on(this.video, name, () => this.remember());
  }

  /** Show what Python sent: maybe another video, always its whole view. */
  async open(value) {
    if (!value) return; // Python has not answered yet
    const turn = ++this.turn;
    if (!value.data_url) return this.close(value.message);
    this.element.dataset.ready = "0";
    try {
      const known = this.scene && this.value?.data_url === value.data_url;
      const data = known ? null : await fetchFrom(value.data_url, "blob");
      if (turn !== this.turn) return;
      this.value = value;
      if (data) this.load(value, data);
      const { stage, className, source, mode, curves, ghosts } = value.view;
      this.view = { stage, className, source, mode, curves, ghosts };
      if (typeof value.view.time === "number") this.seek(value.view.time);
      await this.refresh(turn);
    } catch (error) {
      if (turn === this.turn) this.close(error.message);
    }
  }

  /** Nothing to show: say why and what to do. */
  close(message) {
    this.scene = this.value = null;
    this.video.removeAttribute("src");
    this.video.load();
    this.element.classList.add("tl-empty");
    this.facts.root.replaceChildren();
    this.tell(message);
    this.element.dataset.ready = "1";
  }

  /** Take in another video's data. */
  load(value, { header, arrays }) {
    this.element.classList.remove("tl-empty");
    this.tell("");
    this.scores = new VideoScores(header, arrays);
    this.clock = new FrameClock(arrays.frame_times.values, header.duration);
    this.truth = header.truth;
    this.labels = header.labels;
    this.rates = header.rates;
    this.answers.clear();
    this.seeker.forget();
    this.presented.forget();
    this.presented.clock = this.clock;
    this.axis.reset(header.duration);
    this.host.setAttribute("aria-valuemax", header.duration.toFixed(2));
    this.video.src = value.video_url;
  }

  /** Change the view from the page's own controls: {stage, className, source, mode, curves, ghosts}. */
  async show(changes) {
    if (!this.value) return;
    const turn = ++this.turn;
    this.element.dataset.ready = "0";
    this.view = { ...this.view, ...changes };
    try {
      await this.refresh(turn);
    } catch (error) {
      if (turn !== this.turn) return;
      this.tell(error.message);
      this.element.dataset.ready = "1";
    }
  }

  /** Curves at once, detections as soon as they are here. */
  async refresh(turn) {
    const { stage, source, mode } = this.view;
    const url = `${this.value.detections_url}?${new URLSearchParams({ stage, source, mode })}`;
    if (!this.answers.has(url)) this.answers.set(url, await fetchFrom(url, "json"));
    if (turn !== this.turn) return;
    this.answer = this.answers.get(url);
    this.scene = this.makeScene();
    this.facts.show(this.value, this.scene, this.answer);
    this.remember();
    await this.draw();
    if (turn === this.turn) this.element.dataset.ready = "1";
  }

  makeScene() {
    const { view, scores, answer } = this;
    const first = scores.stages[0];
    const curvesAt = (stage) => Object.fromEntries(BRANCHES.map((b) => [b, scores.curve(stage, b, view.className)]));
    const curves = curvesAt(view.stage);
    const map = (branch) => runsOf(ternary(curves[branch], scores.rules));
    const own = (row) => row.label === view.className;
    const missed = new Set(answer.missed.map((row) => `${row.label} ${row.start} ${row.end}`));
    return {
      axis: this.axis, view, scores, curves, rules: scores.rules, truth: this.truth, labels: this.labels, rates: this.rates,
      ghosts: view.ghosts && view.stage !== first ? curvesAt(first) : {},
      maps: { cbp: map("cbp"), vlp: map("vlp") },
      detections: packRows([...answer.detections].sort((a, b) => own(b) - own(a) || b.score - a.score)),
      isMissed: (row) => missed.has(`${row.label} ${row.start} ${row.end}`),
      curveHeight: Math.max(140, Math.min(190, window.innerHeight - 720)),
    };
  }

  async draw() {
    const { scene, stack } = this;
    scene.palette = readPalette(this.element);
    stack.layOut(scene);
    stack.draw(scene);
    this.place(this.presented.now());
    await this.plot.draw(scene, stack.boxes.curves);
  }

  /** After a zoom or a pan. */
  moved() {
    if (!this.scene) return;
    this.stack.draw(this.scene);
    this.plot.follow(this.axis);
    this.place(this.presented.now());
    this.hover(this.hoverTime);
  }

  /** Put the playhead at a time, without drawing anything else. */
  place(time) {
    const { axis, host } = this;
    this.playhead = time;
    const head = host.querySelector(".tl-head");
    const visible = time >= axis.start - 1e-6 && time <= axis.end + 1e-6;
    head.hidden = !visible;
    head.style.transform = `translate3d(${axis.toPixel(time)}px, 0, 0)`;
    head.style.height = `${this.stack.axisTop + 2}px`;
    host.setAttribute("aria-valuenow", time.toFixed(2));
    host.setAttribute("aria-valuetext", clockText(time));
  }

  onTime(time) {
    if (!this.scene) return;
    if (!this.video.paused && (time < this.axis.start || time > this.axis.end)) {
      this.axis.reveal(time);
      this.moved();
    }
    this.place(time);
    this.readout.showTime(time, this.presented.frameIndex, this.clock.count);
    if (this.hoverTime === null) this.readout.showValues(time, this.scene, false);
  }

  hover(time) {
    if (!this.scene) return;
    this.hoverTime = time;
    const line = this.host.querySelector(".tl-hover");
    line.hidden = time === null;
    if (time !== null) {
      line.style.transform = `translate3d(${this.axis.toPixel(time)}px, 0, 0)`;
      line.style.height = `${this.stack.axisTop + 2}px`;
    }
    this.readout.showValues(time ?? this.presented.now(), this.scene, time !== null);
  }

  seek(time) {
    if (!this.clock) return;
    const inside = Math.max(0, Math.min(this.axis.duration, time));
    this.seeker.to(this.clock.within(this.clock.frameAt(inside), inside));
    this.presented.kick();
  }

  /** Step whole frames from the one on screen (or from where a pending seek will land). */
  step(frames) {
    if (!this.clock) return;
    this.video.pause();
    const { pending } = this.seeker;
    const from = pending === null ? this.presented.frameIndex : this.clock.frameAt(pending);
    this.goTo(this.clock.middleOf(from + frames));
  }

  jump(seconds) {
    if (!this.clock) return;
    const from = this.seeker.pending ?? this.presented.now();
    this.goTo(Math.max(0, Math.min(this.axis.duration, from + seconds)));
  }

  goTo(time) {
    this.seek(time);
    if (this.axis.zoomed && (time < this.axis.start || time > this.axis.end)) {
      this.axis.reveal(time);
      this.moved();
    }
  }

  toggle() {
    if (!this.value) return;
    if (this.video.paused) this.video.play().catch((error) => this.tell(error.message));
    else this.video.pause();
  }

  zoomAtPlayhead(factor) {
    this.axis.zoom(factor, this.presented.now());
    this.moved();
  }

  zoomOut() {
    this.axis.reset();
    this.moved();
  }

  tell(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  /** Keep the address in step with the view. */
  remember() {
    if (!this.value || !this.view) return;
    const { className, stage, source, mode } = this.view;
    writeAddress({
      run: this.value.run, video: this.value.video, class: className, stage, of: source, mode,
      t: this.presented.now().toFixed(2),
    });
  }
}
