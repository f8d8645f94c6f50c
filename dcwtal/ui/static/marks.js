// The visitor's own marks of this video: I and O set the borders, M keeps them. They stay in this browser.

import { MarksMenu } from "./marks_menu.js";
import { RangeOverlay } from "./range_overlay.js";
import { same } from "./same.js";
import { rememberTracks, switched } from "./track_order.js";

const KEY = "dcwtal.marks";
const LANE = "marks";

export class Marks {
  constructor(room) {
    this.room = room;
    this.rows = []; // [{start, end, label}] in order of time
    this.bounds = { start: null, end: null }; // what I and O set
    this.selected = null; // one of the rows
    this.kept = true; // whether the browser stores them
    const { session, timeline, root, signal } = room;
    this.overlay = new RangeOverlay(timeline.host, timeline.axis, "tl-inout");
    this.menu = new MarksMenu(root.querySelector(".tl-tools"), this, room);
    session.listen((changed) => this.follow(changed));
    timeline.onMove((name) => name === "zoom" && this.overlay.show(this.bounds));
    timeline.host.addEventListener("pointerdown", (event) => event.button === 0 && !event.altKey && this.pick(event), { signal });
    window.addEventListener("storage", ({ key }) => key === this.key && this.read(), { signal });
  }

  /** {start, end} once both borders are set, else null. */
  get range() {
    const { start, end } = this.bounds;
    return start !== null && end !== null ? { start, end } : null;
  }

  /** Start of the presented frame's turn; without a video the playhead itself. */
  get now() {
    const { timeline } = this.room;
    const { pending } = timeline.seeker;
    const { clock } = timeline;
    if (!clock.count) return pending ?? timeline.presented.now();
    return clock.times[pending === null ? timeline.presented.frameIndex : clock.frameAt(pending)];
  }

  setIn() {
    if (this.room.session.data) this.bound({ start: this.now, end: this.bounds.end });
  }

  setOut() {
    if (this.room.session.data) this.bound({ start: this.bounds.start, end: this.now }, "end");
  }

  /** A border that the new one has crossed is dropped. */
  bound({ start, end }, moved = "start") {
    const crossed = start !== null && end !== null && end <= start;
    this.bounds = crossed ? { start: null, end: null, [moved]: moved === "start" ? start : end } : { start, end };
    this.show();
  }

  clearBounds() {
    this.bounds = { start: null, end: null };
    this.show();
  }

  /** Keep the stretch between the borders (without an end: up to here) under the first shown class. */
  add() {
    const { session, transport } = this.room;
    if (!session.data) return;
    if (this.bounds.start !== null && this.bounds.end === null) this.bound({ start: this.bounds.start, end: this.now });
    const { range } = this;
    if (!range) return transport.say("set a beginning (I) and an end (O) first");
    const row = { ...range, label: session.view.classes[0] || "" };
    this.rows = [...this.rows, row].sort((a, b) => a.start - b.start || a.end - b.end);
    this.bounds = { start: null, end: null };
    const first = !session.view.tracks.includes(LANE);
    if (first) session.change({ tracks: switched(session.view.tracks, LANE, true) });
    if (first) rememberTracks(session.view.tracks);
    this.select(row);
    this.write();
  }

  /** @returns false when no mark is selected */
  removeSelected() {
    return this.selected ? this.remove(this.selected) : false;
  }

  remove(row) {
    this.rows = this.rows.filter((each) => each !== row);
    if (this.selected === row) this.selected = null;
    this.write();
    this.show();
    return true;
  }

  /** Select one of the rows, or none. What was selected in the other tracks no longer is. */
  select(row) {
    this.selected = row;
    if (row) this.room.session.change({ selected: null }, { history: "none" });
    this.show();
  }

  pick({ clientX, clientY }) {
    const { host, stack, scene } = this.room.timeline;
    const box = host.getBoundingClientRect();
    const hit = scene && stack.hit(clientX - box.left - host.clientLeft, clientY - box.top - host.clientTop, scene);
    const row = hit?.kind === "mark" ? this.rows[hit.index] : null;
    if (row || this.selected) this.select(row);
  }

  follow(changed) {
    const { session } = this.room;
    if (session.view.selected && this.selected) this.select(null);
    if (changed.has("video")) this.open(session.data ? JSON.stringify([KEY, session.run.dataset, session.view.video]) : null);
  }

  open(key) {
    if (this.key === key) return this.overlay.show(this.bounds);
    this.key = key;
    this.bounds = { start: null, end: null };
    return this.read();
  }

  read() {
    this.selected = null;
    this.rows = [];
    try {
      const stored = this.key && JSON.parse(window.localStorage.getItem(this.key));
      if (Array.isArray(stored)) this.rows = stored.filter(isMark).map(({ start, end, label }) => ({ start, end, label }));
    } catch {
      this.kept = false; // no storage allowed, or not ours
    }
    this.show();
  }

  write() {
    try {
      if (this.rows.length) window.localStorage.setItem(this.key, JSON.stringify(this.rows));
      else window.localStorage.removeItem(this.key);
      this.kept = true;
    } catch {
      this.kept = false; // a private window, or no room left: the marks last as long as the page
    }
  }

  /** Hand the marks to the tracks, and draw them if something is new. */
  show() {
    const { session, timeline } = this.room;
    const marks = inRows(this.rows).map((mark, place) => ({ ...mark, selected: this.rows[place] === this.selected }));
    const isNew = !same(marks, session.marks ?? []);
    session.marks = marks;
    this.overlay.show(this.bounds);
    this.menu.show();
    if (!isNew || !timeline.scene) return;
    timeline.draw();
    session.tell("marks");
  }
}

/** Each mark with a `row` in which it overlaps no other. */
function inRows(rows) {
  const ends = [];
  return rows.map((mark) => {
    const free = ends.findIndex((end) => end <= mark.start);
    const row = free < 0 ? ends.length : free;
    ends[row] = mark.end;
    return { ...mark, row };
  });
}

function isMark(row) {
  return row && Number.isFinite(row.start) && Number.isFinite(row.end) && row.start < row.end && typeof row.label === "string";
}
