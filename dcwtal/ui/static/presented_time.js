// The time of the picture that is really on screen. While a video plays, `currentTime` runs ahead of the
// picture; requestVideoFrameCallback tells which frame was presented and when. Between two callbacks the time
// moves on smoothly, but never out of the presented frame's own turn: if the picture stalls, so does the playhead.

export class PresentedTime {
  /** @param {HTMLVideoElement} video  @param {Seeker} seeker  @param {(time: number) => void} onTime */
  constructor(video, seeker, onTime, signal) {
    Object.assign(this, { video, seeker, onTime, clock: null, raf: 0 });
    this.forget();
    this.exact = "requestVideoFrameCallback" in video;
    if (this.exact) this.listen();
    const events = ["play", "playing", "pause", "seeking", "seeked", "timeupdate", "loadeddata", "ended"];
    for (const name of events) video.addEventListener(name, () => this.kick(), { signal });
    video.addEventListener("seeking", () => (this.frame = null), { signal }); // the presented one is about to go
  }

  /** Start over, for a new video. */
  forget() {
    this.frame = null; // index of the presented frame
    this.since = 0; // performance.now() of its presentation
    this.shown = 0;
  }

  listen() {
    this.video.requestVideoFrameCallback((now, details) => {
      if (this.clock && !this.video.seeking) {
        this.frame = this.clock.nearest(details.mediaTime);
        this.since = details.expectedDisplayTime;
        this.kick();
      }
      this.listen();
    });
  }

  /** Where the playhead belongs now, in seconds. */
  now() {
    const { video, clock } = this;
    if (this.seeker.pending !== null) return this.seeker.pending;
    if (!clock?.count || video.seeking) return video.currentTime;
    if (this.frame === null && !video.paused) return video.currentTime;
    if (video.paused) return clock.within(this.frameIndex, video.currentTime);
    const moved = Math.max(0, (performance.now() - this.since) / 1000) * video.playbackRate;
    return clock.within(this.frame, clock.times[this.frame] + moved);
  }

  /** Index of the frame on screen. A paused player shows the frame of its `currentTime`; the last callback may
   *  still be about the frame before a seek. */
  get frameIndex() {
    if (!this.clock?.count) return 0;
    if (this.frame !== null && !this.video.paused) return this.frame;
    return this.clock.frameAt(this.video.currentTime);
  }

  kick() {
    if (!this.raf) this.raf = requestAnimationFrame(() => this.tick());
  }

  tick() {
    const { video } = this;
    this.raf = 0;
    this.shown = this.now();
    this.onTime(this.shown);
    if (!video.paused && !video.ended) this.kick();
  }
}
