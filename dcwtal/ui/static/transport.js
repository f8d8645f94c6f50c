// Moving through time by hand: play, frame steps, speed, loop, jumps from instance to instance and error to error.

import { button, make } from "./dom.js";
import { targetsOf, nextTarget } from "./jump_targets.js";
import { Loop } from "./loop.js";

export const SPEEDS = [0.1, 0.25, 0.5, 1, 1.5, 2, 4];
const JUMPS = { instance: "G", detection: "D", error: "E" };
const GRACE = 0.75; // seconds of playing after a start during which "previous" means the one before it

export class Transport {
  /** @param {HTMLElement} root  Explore's */
  constructor(root, room) {
    this.room = room;
    this.looping = new Loop(room);
    this.looping.onChange(() => this.showLoop());
    this.play = root.querySelector(".tl-play");
    this.wire(root);
    this.build(root.querySelector(".tl-transport"));
    room.timeline.onMove((name) => this.follow(name));
    room.session.listen((changed) => ["video", "curves", "answer"].some((what) => changed.has(what)) && this.showJumps());
  }

  /** {start, end} in seconds of the stretch that is played again and again, or null. */
  get loop() {
    return this.looping.range;
  }

  wire(root) {
    const { timeline, signal } = this.room;
    const on = (selector, action) => root.querySelector(selector).addEventListener("click", action, { signal });
    on(".tl-play", () => timeline.toggle());
    on(".tl-video", () => timeline.toggle());
    on("#timeline-zoom-in", () => timeline.zoomIn());
    on("#timeline-zoom-out", () => timeline.zoomOut());
    on("#timeline-zoom-all", () => timeline.showAll());
  }

  build(bar) {
    const { timeline } = this.room;
    const step = (id, text, label, key, by) => button(text, () => timeline.step(by), { id, "aria-label": label, title: `${label} (${key})` });
    const steps = make("span", "tr-group", "", { role: "group", "aria-label": "frame by frame" });
    steps.append(step("timeline-step-back", "‹", "previous frame", "←", -1), make("span", "tr-word", "frame"), step("timeline-step-on", "›", "next frame", "→", 1));
    this.jumps = Object.fromEntries(Object.keys(JUMPS).map((kind) => [kind, this.jumpGroup(kind)]));
    this.speed = make("select", "", "", { id: "speed", "aria-label": "speed of playing", title: "speed of playing ([ slower, ] faster)" });
    this.speed.append(...SPEEDS.map((speed) => make("option", "", `${speed}×`, { value: speed })));
    this.speed.value = 1;
    this.speed.addEventListener("change", () => this.setSpeed(Number(this.speed.value)));
    this.loopButton = button("loop", () => this.looping.toggle(), { id: "timeline-loop", "aria-pressed": "false" });
    this.said = make("span", "tr-said", "", { role: "status" });
    bar.append(steps, ...Object.values(this.jumps).map(({ root }) => root), this.speed, this.loopButton, this.said);
    this.showLoop();
  }

  jumpGroup(kind) {
    const root = make("span", "tr-group", "", { role: "group", "aria-label": `${kind} by ${kind}` });
    const one = (direction, text, word, key) =>
      button(text, () => this.jump(kind, direction), { id: `${word}-${kind}`, "aria-label": `${word} ${kind}`, title: `${word} ${kind} of the shown classes (${key})` });
    const buttons = [one(-1, "‹", "previous", `Shift + ${JUMPS[kind]}`), one(1, "›", "next", JUMPS[kind])];
    root.append(buttons[0], make("span", "tr-word", kind), buttons[1]);
    return { root, buttons };
  }

  /** Seek to the start of the next (1) or previous (-1) instance, detection or error, and select it. */
  jump(kind, direction) {
    const { session, timeline } = this.room;
    if (!timeline.scene) return;
    const time = timeline.seeker.pending ?? timeline.presented.now();
    const playing = !timeline.video.paused;
    const targets = targetsOf(timeline.scene, kind);
    const found = nextTarget(targets, direction, {
      time,
      selected: session.view.selected,
      ...(playing && direction < 0 ? { slack: GRACE * timeline.video.playbackRate } : {}),
    });
    this.say(found ? "" : targets.length ? `no ${direction > 0 ? "later" : "earlier"} ${kind}` : `no ${kind} here`);
    if (!found) return;
    timeline.goTo(found.start);
    session.change({ selected: found }, { history: "none" });
  }

  /** The next faster (1) or slower (-1) speed. */
  changeSpeed(direction) {
    const place = SPEEDS.indexOf(this.room.timeline.video.playbackRate);
    this.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place + direction))]);
  }

  /** Both players keep it, also for the videos to come: taking in another file resets a player to its default. */
  setSpeed(speed) {
    const { film, still } = this.room.timeline;
    for (const player of [film, still]) {
      player.defaultPlaybackRate = speed;
      player.playbackRate = speed;
    }
  }

  follow(name) {
    const { video } = this.room.timeline;
    if (name === "ratechange") this.speed.value = video.playbackRate;
    if (!["play", "pause", "ended"].includes(name)) return;
    this.play.classList.toggle("tl-playing", !video.paused);
    this.play.setAttribute("aria-label", video.paused ? "play" : "pause");
  }

  showLoop() {
    const { loopButton, looping } = this;
    loopButton.setAttribute("aria-pressed", String(Boolean(looping.range)));
    loopButton.title = looping.range
      ? `playing ${looping.text} again and again; press for the whole video (L)`
      : "play again and again what is selected, else what I and O mark, else what is in view (L)";
  }

  showJumps() {
    const { scene } = this.room.timeline;
    for (const [kind, { buttons }] of Object.entries(this.jumps)) {
      const none = !scene || !targetsOf(scene, kind).length;
      for (const each of buttons) each.disabled = none;
    }
    this.say("");
  }

  /** A short answer where something asked for is not there. */
  say(text) {
    this.said.textContent = text;
  }
}
