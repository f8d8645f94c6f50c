// What is on screen, in plain values: for tests, and for anyone who scripts the page (DESIGN 13).

/** @param {object} room  see explore.js */
export function timelineState(room) {
  const { root, session, timeline } = room;
  const { scene, axis, presented, video } = timeline;
  const told = { ready: root.dataset.ready === "1", message: timeline.message.textContent, notice: session.notice };
  if (!scene || !session.data) return { ...told, problem: session.problem };
  const { view, data, settings, rules, answer } = session;
  const frame = presented.frameIndex;
  const seconds = ([first, past, value]) => [data.scores.edge(first), data.scores.edge(past), value];
  return {
    ...told,
    run: view.run,
    video: view.video,
    time: timeline.playhead,
    presented: { frame, time: data.clock.times[frame] ?? timeline.playhead },
    playing: !video.paused,
    speed: video.playbackRate,
    loop: room.transport.loop,
    // The playhead follows the player with the next frame of the screen.
    seeking: video.seeking || timeline.seeker.pending !== null || (video.paused && presented.raf !== 0),
    duration: axis.duration,
    zoom: { start: axis.start, end: axis.end },
    settings,
    changed: view.settings,
    thresholds: { high: rules.high, low: rules.low, theta_loc: settings.theta_loc },
    fusion_weight: rules.fusion_weight,
    stage: view.stage,
    class: view.classes[0],
    classes: view.classes,
    source: settings.branch,
    mode: settings.mode,
    panel: view.panel,
    sheet: view.sheet,
    selected: view.selected,
    compare: view.compare,
    tracks: timeline.stack.lanes.map((lane) => lane.id),
    curves_shown: view.curves,
    curves: Object.fromEntries(view.curves.map((name) => [name, Array.from(scene.main.curves[name])])),
    ternary: { cbp: scene.maps.cbp.map(seconds), vlp: scene.maps.vlp.map(seconds) },
    ribbons: scene.ribbons,
    detections: scene.detections,
    other: scene.other && { title: scene.other.title, detections: scene.other.detections },
    highlights: scene.highlights,
    marks: scene.marks,
    bounds: room.marks.bounds,
    strip: room.strip.state(),
    replay: room.replay.state(),
    table: room.table.state(),
    panel_state: room.panels.shown?.panel.state?.() ?? null,
    fresh: session.fresh,
    answered: answer && { stage: answer.stage, settings: answer.settings, tiou: answer.tiou },
    drawn_at: timeline.frameDrawn,
    truth: data.truth,
    has_video: data.hasVideo,
    plot: { left: axis.left, width: axis.width, boxes: timeline.stack.boxes },
    hover: timeline.hoverTime,
  };
}
