// The one horizontal axis of all tracks: seconds to pixels, zoom, pan, ticks in m:ss.

const STEPS = [0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];
const NARROWEST = 0.4; // seconds: about ten frames across the whole width
const LABEL_WIDTH = 64; // pixels

export class TimeAxis {
  constructor() {
    this.left = 0;
    this.width = 1;
    this.reset(1);
  }

  /** Show all of a video of `duration` seconds. */
  reset(duration = this.duration) {
    this.duration = duration;
    this.start = 0;
    this.end = duration;
  }

  get span() {
    return this.end - this.start;
  }

  get zoomed() {
    return this.span < this.duration - 1e-9;
  }

  toPixel(time) {
    return this.left + ((time - this.start) / this.span) * this.width;
  }

  toTime(pixel) {
    return this.start + ((pixel - this.left) / this.width) * this.span;
  }

  /** Show `span` seconds from `start`, kept inside the video. */
  show(start, span) {
    const wide = Math.max(Math.min(NARROWEST, this.duration), Math.min(this.duration, span));
    this.start = Math.max(0, Math.min(this.duration - wide, start));
    this.end = this.start + wide;
  }

  /** Zoom by `factor` (< 1 is closer) and keep `time` where it is on screen. */
  zoom(factor, time) {
    const share = (time - this.start) / this.span;
    const span = Math.max(NARROWEST, Math.min(this.duration, this.span * factor));
    this.show(time - share * span, span);
  }

  pan(seconds) {
    this.show(this.start + seconds, this.span);
  }

  /** Scroll so that `time` is visible, if it is not. */
  reveal(time) {
    if (time < this.start || time > this.end) this.show(time - this.span * 0.1, this.span);
  }

  /** Ticks of the visible part: [{time, label}]. */
  ticks() {
    const most = Math.max(2, Math.floor(this.width / LABEL_WIDTH));
    const step = STEPS.find((each) => this.span / each <= most) || STEPS[STEPS.length - 1];
    const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    const ticks = [];
    for (let i = Math.ceil(this.start / step - 1e-6); i * step <= this.end + 1e-6; i++) {
      ticks.push({ time: i * step, label: clockText(i * step, digits) });
    }
    return ticks;
  }
}

/** Seconds as m:ss (or h:mm:ss) with `digits` decimals. */
export function clockText(time, digits = 2) {
  const scale = 10 ** digits;
  const units = Math.round(Math.max(0, time) * scale);
  const seconds = (units % (60 * scale)) / scale;
  const minutes = Math.floor(units / (60 * scale));
  const tail = seconds.toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}
