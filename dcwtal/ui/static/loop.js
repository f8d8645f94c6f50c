// Playing one stretch again and again: what is selected, else what is marked, else what is in view.

import { RangeOverlay } from "./range_overlay.js";
import { clockText } from "./time_axis.js";

export class Loop {
  constructor(room) {
    this.room = room;
    this.range = null; // {start, end} in seconds
    this.jumping = false; // a jump back is under way
    this.listeners = [];
    const { session, timeline } = room;
    this.overlay = new RangeOverlay(timeline.host, timeline.axis, "tl-loop", { shaded: true });
    session.listen((changed) => changed.has("video") && this.follow());
    timeline.onMove((name) => {
      if (name === "time") this.enforce();
      if (name === "zoom") this.overlay.show(this.range);
      if (name === "ended") this.again();
    });
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  /** On, off, or over to what was selected since. */
  toggle() {
    if (!this.room.session.data) return;
    const { selected } = this;
    const elsewhere = selected && this.range && (selected.start !== this.range.start || selected.end !== this.range.end);
    this.set(this.range && !elsewhere ? null : this.wanted());
  }

  set(range) {
    const { timeline } = this.room;
    this.range = range && { start: Math.max(0, range.start), end: Math.min(timeline.axis.duration, range.end) };
    this.overlay.show(this.range);
    const time = timeline.seeker.pending ?? timeline.presented.now();
    if (this.range && (time < this.range.start || time >= this.range.end)) this.jump();
    for (const listener of this.listeners) listener(this.range);
  }

  get selected() {
    return this.room.session.view.selected ?? this.room.marks.selected;
  }

  wanted() {
    const { timeline, marks } = this.room;
    const { selected } = this;
    if (selected) return { start: selected.start, end: selected.end };
    return marks.range ?? { start: timeline.axis.start, end: timeline.axis.end };
  }

  follow() {
    const { url } = this.room.session.data || {};
    if (this.url !== url && this.range) this.set(null);
    this.url = url;
    this.overlay.show(this.range);
  }

  /** The presented picture has left the stretch: back to its start. */
  enforce() {
    const { timeline } = this.room;
    if (!this.range || timeline.video.paused) return;
    const time = timeline.presented.now();
    if (time < this.range.end) this.jumping = false;
    else if (!this.jumping) this.jump();
  }

  jump() {
    this.jumping = true;
    this.room.timeline.goTo(this.range.start);
  }

  /** The player stopped at the end of the video, which is the end of the stretch. */
  again() {
    if (!this.range) return;
    const { timeline } = this.room;
    timeline.video.addEventListener("seeked", () => this.range && timeline.video.paused && timeline.toggle(), { once: true });
    this.jump();
  }

  get text() {
    return this.range ? `${clockText(this.range.start)} – ${clockText(this.range.end)}` : "";
  }
}
