// The synchronised timeline: one video, many tracks, one axis, one playhead. It shows the session and moves through time;
// what is looked at changes only in the session.

import { TimeAxis, clockText } from "./time_axis.js";
import { Seeker } from "./seek.js";
import { PresentedTime } from "./presented_time.js";
import { TrackStack } from "./track_stack.js";
import { ThresholdLines } from "./threshold_lines.js";
import { locThresholds, makeScene } from "./scene.js";
import { readPalette, watchTheme } from "./palette.js";
import { Readout } from "./readout.js";
import { StillClock } from "./still_clock.js";
import { listenToPointer } from "./pointer.js";

const ZOOM = 1.5;
const SHARE_BEFORE = 0.3; // a video opens this far into its first action: not on the run-up to it
const BELOW_TRACKS = 26; // pixels between and under what stands below the tracks

export class Timeline {
  /** @param {HTMLElement} element  Explore's root  @param {object} session */
  constructor(element, session, signal) {
    const find = (selector) => element.querySelector(selector);
    this.element = element;
    this.session = session;
    this.host = find(".tl-host");
    this.message = find(".tl-message");
    this.film = find(".tl-video");
    this.axis = new TimeAxis();
    this.stack = new TrackStack(this.host);
    this.rules = new ThresholdLines(this.host, session, (event) => this.goToMouse(event), signal);
    this.readout = new Readout(element);
    this.still = new StillClock(); // stands in for the player where there is no video file
    this.listeners = []; // of time and zoom
    this.hoverTime = null;
    this.frameDrawn = 0;
    this.useClock(this.film, signal);
    listenToPointer(this.host, this, signal);
    this.listenToPlayer(signal);
    this.palette = null; // read anew when the theme changes
    watchTheme(() => {
      this.palette = null;
      if (this.scene) this.draw();
    });
    new ResizeObserver(() => this.scene && this.draw()).observe(this.host);
    window.addEventListener("resize", () => this.scene && this.draw(), { signal });
    session.listen((changed) => this.follow(changed));
  }

  useClock(film, signal) {
    this.seekers = new Map();
    for (const player of [film, this.still]) {
      const seeker = new Seeker(player, signal);
      this.seekers.set(player, { seeker, presented: new PresentedTime(player, seeker, (time) => player === this.video && this.onTime(time), signal) });
    }
    this.video = film;
  }

  get seeker() {
    return this.seekers.get(this.video).seeker;
  }

  get presented() {
    return this.seekers.get(this.video).presented;
  }

  get clock() {
    return this.session.data?.clock;
  }

  listenToPlayer(signal) {
    for (const player of [this.film, this.still]) {
      const on = (name, handler) => player.addEventListener(name, () => player === this.video && handler(), { signal });
      on("error", () => this.tell(`The browser cannot play this video: ${player.error?.message || "unknown format"}. The tracks work without it.`));
      for (const name of ["pause", "seeked", "play", "ended", "ratechange"]) on(name, () => this.announce(name));
      on("loadedmetadata", () => {
        const aspect = player.videoWidth / player.videoHeight || 4 / 3;
        this.element.style.setProperty("--aspect", Math.max(0.75, Math.min(16 / 9, aspect)).toFixed(4));
      });
    }
  }

  /** Be told what happens in time: names of the player's events, and "zoom". */
  onMove(listener) {
    this.listeners.push(listener);
  }

  announce(name) {
    for (const listener of this.listeners) listener(name);
  }

  /** The session changed. */
  follow(changed) {
    const { data, problem, notice } = this.session;
    if (!data) return this.close(problem);
    if (changed.has("video")) this.load(data);
    if (changed.size === 1 && changed.has("view") && this.session.onlySettings && this.scene) this.moveLines();
    else if (["video", "curves", "answer", "view", "run"].some((what) => changed.has(what))) this.draw();
    if (changed.has("video") && notice === "") this.tell("");
    return null;
  }

  close(message) {
    this.scene = this.loaded = null;
    this.film.removeAttribute("src");
    this.film.load();
    this.element.classList.add("tl-empty");
    this.tell(message);
  }

  /** Take in another video, or another place in the same one. */
  load(data) {
    if (this.loaded !== data.videoUrl) {
      this.loaded = data.videoUrl;
      this.element.classList.remove("tl-empty");
      this.element.classList.toggle("tl-filmless", !data.hasVideo);
      this.tell(data.hasVideo ? "" : "No video file: the tracks alone.");
      this.video.pause();
      this.video = data.hasVideo ? this.film : this.still;
      this.seeker.forget();
      this.presented.forget();
      this.presented.clock = data.clock;
      this.axis.reset(data.duration);
      this.host.setAttribute("aria-valuemax", data.duration.toFixed(2));
      if (data.hasVideo) this.film.src = data.videoUrl;
      else {
        this.film.removeAttribute("src");
        this.still.open(data.duration);
      }
    }
    if (data.zoom) this.axis.show(data.zoom[0], data.zoom[1] - data.zoom[0]);
    else this.axis.reset();
    if (data.moved) this.seek(data.start ?? firstMoment(data, this.session.view.classes[0]));
  }

  /** Settings changed: the thresholds stand elsewhere at once, the rest follows with the answer. */
  moveLines() {
    const { settings, rules } = this.session;
    const curve = this.scene.main.curves[settings.branch] || [];
    Object.assign(this.scene, { settings, rules, view: this.session.view, locThresholds: locThresholds(settings, curve) });
    this.rules.place(this.scene, this.stack.boxes.curves);
  }

  draw() {
    const { stack, session } = this;
    this.scene = makeScene(session, this.axis);
    this.palette ??= readPalette(this.element);
    this.scene.palette = this.palette;
    const top = this.host.getBoundingClientRect().top + window.scrollY;
    const below = [".ex-replay", ".tl-legend"].map((part) => this.element.querySelector(part).offsetHeight);
    stack.layOut(this.scene, session.view.tracks, window.innerHeight - top - below[0] - below[1] - BELOW_TRACKS);
    this.paint();
    this.place(this.presented.now());
    this.readout.showValues(this.hoverTime ?? this.playhead, this.scene, this.hoverTime !== null);
  }

  /** The same scene again: after a zoom, or when a picture of the strip arrived. */
  paint() {
    if (!this.scene) return;
    this.stack.draw(this.scene);
    this.rules.place(this.scene, this.stack.boxes.curves);
    this.frameDrawn = performance.now();
  }

  /** After a zoom or a pan. */
  moved() {
    if (!this.scene) return;
    this.paint();
    this.place(this.presented.now());
    this.hover(this.hoverTime);
    this.announce("zoom");
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
    this.announce("time");
  }

  hover(time, x, y) {
    if (!this.scene) return;
    this.hoverTime = time;
    const line = this.host.querySelector(".tl-hover");
    line.hidden = time === null;
    if (time !== null) {
      line.style.transform = `translate3d(${this.axis.toPixel(time)}px, 0, 0)`;
      line.style.height = `${this.stack.axisTop + 2}px`;
    }
    this.readout.showValues(time ?? this.presented.now(), this.scene, time !== null);
    if (x !== undefined) this.hoverHit = time === null ? null : this.stack.hit(x, y, this.scene);
    if (x !== undefined) this.announce("hover");
  }

  goToMouse({ clientX }) {
    this.seek(this.axis.toTime(clientX - this.host.getBoundingClientRect().left - this.host.clientLeft));
  }

  /** A click on the tracks: select what is there (nothing: nothing). */
  pick(x, y) {
    const hit = this.scene && this.stack.hit(x, y, this.scene);
    if (!hit || (hit.kind !== "detection" && hit.kind !== "instance")) return;
    const { start, end, label } = hit.row;
    this.session.change({ selected: { kind: hit.kind, start, end, label } }, { history: "none" });
  }

  seek(time) {
    if (!this.clock) return;
    const inside = Math.max(0, Math.min(this.axis.duration, time));
    this.seeker.to(this.clock.count ? this.clock.within(this.clock.frameAt(inside), inside) : inside);
    this.presented.kick();
  }

  /** Step whole frames from the one on screen (or from where a pending seek will land); without a video, snippets. */
  step(frames) {
    if (!this.clock) return;
    this.video.pause();
    const { pending } = this.seeker;
    if (!this.clock.count) {
      this.goTo((pending ?? this.presented.now()) + frames * this.session.data.scores.grid.step);
      return;
    }
    const from = pending === null ? this.presented.frameIndex : this.clock.frameAt(pending);
    this.goTo(this.clock.middleOf(from + frames));
  }

  jump(seconds) {
    if (!this.clock) return;
    this.goTo((this.seeker.pending ?? this.presented.now()) + seconds);
  }

  /** Seek, and scroll there. */
  goTo(time) {
    const inside = Math.max(0, Math.min(this.axis.duration, time));
    this.seek(inside);
    if (this.axis.zoomed && (inside < this.axis.start || inside > this.axis.end)) {
      this.axis.reveal(inside);
      this.moved();
    }
  }

  toggle() {
    if (!this.session.data) return;
    if (this.video.paused) this.video.play().catch((error) => error.name !== "AbortError" && this.tell(error.message));
    else this.video.pause();
  }

  zoomAtPlayhead(factor) {
    this.axis.zoom(factor, this.presented.now());
    this.moved();
  }

  zoomIn() {
    this.zoomAtPlayhead(1 / ZOOM);
  }

  zoomOut() {
    this.zoomAtPlayhead(ZOOM);
  }

  showAll() {
    this.axis.reset();
    this.moved();
  }

  tell(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }
}

/** Where a video opens: a little into the first action of the class, else at its beginning. */
function firstMoment({ truth, duration }, className) {
  const first = (truth || []).filter(({ label }) => label === className).sort((a, b) => a.start - b.start)[0];
  return first ? Math.min(duration, first.start + SHARE_BEFORE * (first.end - first.start)) : 0;
}
