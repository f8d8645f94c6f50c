// Time without a picture: what the timeline needs of a video element, for data sets that have features but no videos.

export class StillClock extends EventTarget {
  constructor() {
    super();
    this.readyState = 0;
    this.rate = 1;
    this.defaultPlaybackRate = 1;
    this.paused = true;
    this.seeking = false;
    this.error = null;
    this.duration = this.at = this.since = 0;
  }

  /** Start over, for another video of `duration` seconds. */
  open(duration) {
    this.duration = duration;
    this.at = 0;
    this.readyState = 4;
    this.playbackRate = this.defaultPlaybackRate;
    this.tell("loadedmetadata");
  }

  get playbackRate() {
    return this.rate;
  }

  set playbackRate(rate) {
    this.at = this.currentTime; // what has passed, passed at the old speed
    this.since = performance.now();
    this.rate = rate;
    this.tell("ratechange");
  }

  get currentTime() {
    const moved = this.paused ? 0 : ((performance.now() - this.since) / 1000) * this.rate;
    const time = Math.min(this.duration, this.at + moved);
    if (!this.paused && time >= this.duration) this.finish();
    return time;
  }

  set currentTime(time) {
    this.at = Math.max(0, Math.min(this.duration, time));
    this.since = performance.now();
    queueMicrotask(() => this.tell("seeked"));
  }

  get ended() {
    return this.paused && this.duration > 0 && this.at >= this.duration;
  }

  async play() {
    if (this.at >= this.duration) this.at = 0;
    this.since = performance.now();
    this.paused = false;
    this.tell("play");
  }

  pause() {
    if (this.paused) return;
    this.at = this.currentTime;
    if (this.paused) return; // that was the end
    this.paused = true;
    this.tell("pause");
  }

  finish() {
    this.at = this.duration;
    this.paused = true;
    this.tell("pause");
    this.tell("ended");
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
