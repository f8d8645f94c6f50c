// What is on screen, in plain values: for tests, and for anyone who scripts the page (DESIGN 13).

/** @param {object} timeline  the mounted component */
export function timelineState(timeline) {
  const { axis, scene, presented, video, clock } = timeline;
  if (!scene) return { ready: timeline.element.dataset.ready === "1", message: timeline.message.textContent };
  const frame = presented.frameIndex;
  const { scores, view } = scene;
  const seconds = ([first, past, value]) => [scores.edge(first), scores.edge(past), value];
  return {
    ready: timeline.element.dataset.ready === "1",
    run: timeline.value.run,
    video: timeline.value.video,
    time: timeline.playhead,
    presented: { frame, time: clock.times[frame] },
    playing: !video.paused,
    seeking: video.seeking || timeline.seeker.pending !== null,
    duration: axis.duration,
    zoom: { start: axis.start, end: axis.end },
    thresholds: { high: scores.rules.high, low: scores.rules.low },
    fusion_weight: scores.rules.fusion_weight,
    stage: view.stage,
    class: view.className,
    source: view.source,
    mode: view.mode,
    tracks: timeline.stack.lanes.map((lane) => lane.id),
    curves_shown: view.curves,
    curves: Object.fromEntries(view.curves.map((name) => [name, Array.from(scene.curves[name])])),
    ternary: { cbp: scene.maps.cbp.map(seconds), vlp: scene.maps.vlp.map(seconds) },
    detections: scene.detections,
    truth: scene.truth,
    plot: { left: axis.left, width: axis.width, boxes: timeline.stack.boxes },
    hover: timeline.hoverTime,
    message: timeline.message.textContent,
  };
}
