// Pictures for the film strip: asked for once the view stands still, kept by frame, drawn by lane_strip.js.

import { videoUrl } from "./requests.js";

const MOST = 40; // pictures of one question; more than the server gives
const QUIET = 150; // milliseconds without a zoom or a pan before pictures are asked for
const AGAIN = 400; // milliseconds until those are asked for that a slow file did not give
const TRIES = 6; // questions in a row that brought nothing new
const KEPT = 600; // pictures in memory
const HEIGHTS = [24, 160];

export class FilmStrip {
  constructor(room) {
    this.room = room;
    this.pictures = new Map(); // frame → {image, time}
    this.note = ""; // one line in place of the pictures
    this.height = 0;
    const { session, timeline, signal } = room;
    session.strip = this;
    session.listen((changed) => this.follow(changed));
    timeline.onMove((name) => name === "zoom" && this.soon());
    timeline.film.addEventListener("loadedmetadata", () => this.soon(), { signal });
    new ResizeObserver(() => this.soon()).observe(timeline.host);
  }

  /** Equal cells of the visible stretch, as many as fit: [{start, end, frame, picture}]; `picture` null: not here yet. */
  cells(axis, height) {
    this.height = height;
    const count = Math.max(1, Math.min(MOST, Math.floor(axis.width / (height * this.aspect))));
    const span = axis.span / count;
    return Array.from({ length: count }, (_, place) => {
      const [start, end] = [axis.start + place * span, axis.start + (place + 1) * span];
      const frame = this.frameAt((start + end) / 2);
      return { start, end, frame, picture: this.pictures.get(frame) ?? this.nearest(start, end) };
    });
  }

  /** Width over height: the player's, else that of a picture, else the usual one. */
  get aspect() {
    const { film } = this.room.timeline;
    if (film.videoWidth) return film.videoWidth / film.videoHeight;
    const [first] = this.pictures.values();
    return first ? first.image.naturalWidth / first.image.naturalHeight : 4 / 3;
  }

  get clock() {
    return this.room.session.data.clock;
  }

  frameAt(time) {
    return this.clock.frameAt(time);
  }

  /** While zooming: the picture nearest to the middle of a cell, if one lies inside it. */
  nearest(start, end) {
    const middle = (start + end) / 2;
    let found = null;
    for (const picture of this.pictures.values()) {
      if (picture.time < start || picture.time >= end) continue;
      if (!found || Math.abs(picture.time - middle) < Math.abs(found.time - middle)) found = picture;
    }
    return found;
  }

  follow(changed) {
    const { data } = this.room.session;
    if (changed.has("video") && this.url !== data?.url) {
      this.url = data?.url;
      this.pictures.clear();
      this.note = data && !data.hasVideo ? "no video file, so no pictures" : "";
      this.room.session.requests.forget("strip");
      if (this.room.timeline.scene) this.room.timeline.paint();
    }
    if (changed.has("video") || changed.has("view")) this.soon();
  }

  /** Ask once nothing has moved for a moment. */
  soon(delay = QUIET, tries = TRIES) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(tries), delay);
  }

  async ask(tries) {
    const { session, timeline } = this.room;
    if (!timeline.scene || !session.data?.hasVideo || this.note || !timeline.stack.boxes.strip) return;
    const { url } = this;
    const missing = this.missing();
    if (!missing.length) return;
    try {
      const reply = await session.requests.get("strip", this.address(missing));
      if (!reply || url !== this.url) return;
      const before = this.pictures.size;
      await Promise.all(reply.frames.map((frame) => this.keep(frame, url)));
      if (url !== this.url) return;
      timeline.paint();
      const left = this.pictures.size > before ? TRIES : tries - 1;
      if (this.missing().length && left > 0) this.soon(AGAIN, left);
    } catch (error) {
      if (url !== this.url) return;
      this.note = `no pictures: ${error.message}`;
      timeline.paint();
    }
  }

  /** Frames of the cells that have no picture of their own yet. */
  missing() {
    const { axis } = this.room.timeline;
    const frames = this.cells(axis, this.height).map(({ frame }) => frame);
    return [...new Set(frames)].filter((frame) => !this.pictures.has(frame));
  }

  address(frames) {
    const { view } = this.room.session;
    const times = frames.map((frame) => this.clock.middleOf(frame).toFixed(4)).join(",");
    const pixels = Math.round(this.height * (window.devicePixelRatio || 1));
    const height = Math.max(HEIGHTS[0], Math.min(HEIGHTS[1], pixels));
    return `${videoUrl(view.run, view.video, "strip")}?${new URLSearchParams({ times, height })}`;
  }

  async keep({ asked, time, jpeg }, url) {
    const image = new Image();
    image.src = `data:image/jpeg;base64,${jpeg}`;
    await image.decode();
    if (url !== this.url) return;
    this.pictures.set(this.frameAt(asked), { image, time });
    for (const oldest of this.pictures.keys()) {
      if (this.pictures.size <= KEPT) break;
      this.pictures.delete(oldest);
    }
  }

  /** What the strip shows, in plain values: for tests. */
  state() {
    const { timeline } = this.room;
    const box = timeline.stack.boxes.strip;
    const cells = box ? this.cells(timeline.axis, box.height) : [];
    return { note: this.note, cells: cells.map(({ start, end, frame, picture }) => ({ start, end, frame, time: picture?.time ?? null })) };
  }
}
