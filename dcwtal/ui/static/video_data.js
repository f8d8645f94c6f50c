// What the page keeps of a video: its scores, the times of its frames, its truth.

import { FrameClock } from "./frame_clock.js";
import { VideoScores } from "./scores.js";

/** @param {{header, arrays}} reply  of the data route */
export function videoData({ header, arrays }) {
  return {
    scores: new VideoScores(header, arrays),
    clock: new FrameClock(arrays.frame_times.values, header.duration),
    duration: header.duration,
    truth: header.truth,
    labels: header.labels,
    rates: header.rates,
    hasVideo: header.has_video !== false,
  };
}
