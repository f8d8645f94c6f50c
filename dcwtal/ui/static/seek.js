// Seeks that never pile up: at most one in flight, and the last wish wins.

export class Seeker {
  constructor(video, signal) {
    this.video = video;
    this.wish = null; // where to go next
    this.goal = null; // where the seek in flight is going
    video.addEventListener("seeked", () => this.advance(), { signal });
    video.addEventListener("loadedmetadata", () => this.advance(), { signal });
  }

  /** Ask for a time in seconds. */
  to(time) {
    this.wish = Math.max(0, time);
    if (!this.video.seeking) this.advance();
  }

  /** The time being sought, or null when the picture has arrived. */
  get pending() {
    return this.wish ?? this.goal;
  }

  advance() {
    this.goal = null;
    if (this.wish === null || this.video.readyState < 1) return;
    this.goal = this.wish;
    this.wish = null;
    if (Math.abs(this.video.currentTime - this.goal) < 1e-6) {
      this.goal = null;
      return;
    }
    this.video.currentTime = this.goal;
  }

  forget() {
    this.wish = this.goal = null;
  }
}
