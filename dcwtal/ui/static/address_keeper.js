// The address bar and the back and forward buttons follow the session, and lead it.

import { same } from "./same.js";
import { USUAL_TRACKS, known } from "./track_order.js";
import { addressOf, viewFromAddress } from "./view_address.js";

const USUAL_PANEL = "video";
const BURST = 1000; // milliseconds without a change that end the turning of a knob
const RARELY = 150; // milliseconds between two changes of the address while something is dragged

export class AddressKeeper {
  constructor(room) {
    this.room = room;
    this.written = 0;
    const { session, timeline, signal } = room;
    const asked = viewFromAddress();
    if (asked.tracks) session.view.tracks = known(asked.tracks);
    this.tunedAt = -Infinity;
    session.listen((changed) => changed.has("view") && this.write(this.mode()));
    timeline.onMove((name) => ["pause", "seeked", "zoom"].includes(name) && this.write("replace"));
    window.addEventListener("popstate", () => this.follow(), { signal });
  }

  /** Turning one knob is one step for the back button, however many values it passes. */
  mode() {
    const { historyMode, tuned } = this.room.session;
    if (historyMode !== "replace" || !tuned) return historyMode;
    const isNew = performance.now() - this.tunedAt > BURST;
    this.tunedAt = performance.now();
    return isNew ? "push" : "replace";
  }

  write(mode) {
    const { session, timeline } = this.room;
    if (!session.data || mode === "none") return;
    const { view, run } = session;
    const { axis } = timeline;
    const href = addressOf({
      ...view,
      ...view.rules,
      panel: view.panel === USUAL_PANEL ? null : view.panel,
      tiou: view.tiou === 0.5 ? null : view.tiou,
      curves: view.curves.length === 3 ? [] : view.curves,
      tracks: same(view.tracks, USUAL_TRACKS) ? [] : view.tracks,
      stage: session.moment === run.final_stage ? null : session.moment,
      high: view.rules.high,
      low: view.rules.low,
      zoom: axis.zoomed ? [axis.start, axis.end] : null,
      t: timeline.seeker.pending ?? timeline.presented.now(),
    });
    clearTimeout(this.later);
    if (href === window.location.href) return;
    if (mode !== "push" && performance.now() - this.written < RARELY) {
      this.later = setTimeout(() => this.write("replace"), RARELY);
      return;
    }
    if (mode === "push") window.history.pushState(null, "", href);
    else window.history.replaceState(window.history.state, "", href);
    this.written = performance.now();
  }

  follow() {
    const asked = viewFromAddress();
    const { session } = this.room;
    session.view.tracks = asked.tracks ? known(asked.tracks) : session.view.tracks;
    session.go({ panel: USUAL_PANEL, sheet: "", curves: ["cbp", "vlp", "fused"], ...asked }, { history: "none" });
  }
}
