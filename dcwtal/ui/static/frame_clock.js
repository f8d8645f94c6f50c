// Which frame is on screen at a time, from the presentation times of all frames. Right for any frame rate.

export class FrameClock {
  /** @param {Float64Array} times increasing, seconds  @param {number} duration seconds */
  constructor(times, duration) {
    this.times = times;
    this.duration = duration;
  }

  get count() {
    return this.times.length;
  }

  /** Index of the frame whose turn it is at `time` (0 … count-1). */
  frameAt(time) {
    let low = 0;
    let high = this.times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= time + 1e-6) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Index of the frame whose presentation time is nearest to `time`: for times reported by the player. */
  nearest(time) {
    const frame = this.frameAt(time);
    const next = frame + 1;
    return next < this.count && this.times[next] - time < time - this.times[frame] ? next : frame;
  }

  /** When a frame's turn ends. */
  endOf(frame) {
    return frame + 1 < this.count ? this.times[frame + 1] : Math.max(this.duration, this.times[frame]);
  }

  /** The middle of a frame's turn: the safest place to seek to. */
  middleOf(frame) {
    const inside = Math.max(0, Math.min(this.count - 1, frame));
    return (this.times[inside] + this.endOf(inside)) / 2;
  }

  /** `time` moved into the turn of `frame`, a little off its borders. */
  within(frame, time) {
    const start = this.times[frame];
    const end = this.endOf(frame);
    const margin = Math.min(0.001, (end - start) / 4);
    return Math.max(start + margin, Math.min(end - margin, time));
  }
}
