// The Explore room: the session, the timeline, the panels beside it. gr.HTML calls mountExplore once.
//
// `window.dcwtal.timeline`: state(), seek(time), video. `window.dcwtal.explore`: the session, for upload and tests.

import { AddressKeeper } from "./address_keeper.js";
import { ComparePanel } from "./compare_panel.js";
import { CompletenessPanel } from "./completeness_panel.js";
import { HeaderBar } from "./header_bar.js";
import { HelpDialog } from "./help_dialog.js";
import { listenToKeys } from "./keyboard.js";
import { Legend } from "./legend.js";
import { Marks } from "./marks.js";
import { PanelTabs } from "./panel_tabs.js";
import { ReplayBar } from "./replay_bar.js";
import { Session } from "./session.js";
import { FilmStrip } from "./film_strip.js";
import { Timeline } from "./timeline.js";
import { timelineState } from "./timeline_state.js";
import { TrackMenu } from "./track_menu.js";
import { Transport } from "./transport.js";
import { VideoPanel } from "./video_panel.js";
import { VideoTable } from "./video_table.js";
import { WhatIfPanel } from "./what_if_panel.js";
import { WhyPanel } from "./why_panel.js";
import { viewFromAddress } from "./view_address.js";
import { rememberedTracks } from "./track_order.js";

const PANELS = [VideoPanel, WhatIfPanel, WhyPanel, CompletenessPanel, ComparePanel];

/** Build the room inside gr.HTML's element; `props` and `watch` are gr.HTML's. */
export function mountExplore(element, { props, watch, plotlyUrl }) {
  const root = element.closest("#timeline") || element; // gr.HTML hands over an inner one
  const find = (selector) => root.querySelector(selector);
  const { signal } = new AbortController();
  const session = new Session();
  session.view.tracks = rememberedTracks();
  const timeline = new Timeline(root, session, signal);
  const room = { root, session, timeline, signal, plotlyUrl };
  room.header = new HeaderBar(find(".ex-choices"), room);
  room.panels = new PanelTabs(find(".ex-tabs"), find(".ex-panel"), PANELS, room);
  room.transport = new Transport(root, room);
  room.tracks = new TrackMenu(find(".tl-tools"), room);
  room.help = new HelpDialog(find(".tl-tools"), room);
  room.replay = new ReplayBar(find(".ex-replay"), room);
  room.table = new VideoTable(find(".ex-sheet"), room);
  room.strip = new FilmStrip(room);
  room.marks = new Marks(room);
  room.legend = new Legend(find(".tl-legend"), room);
  room.address = new AddressKeeper(room);
  listenToKeys(room, signal);
  session.listen(() => showReadiness(room));
  timeline.onMove((name) => name === "seeked" && showReadiness(room));
  window.dcwtal = { ...window.dcwtal, explore: session, timeline: apiOf(room) };
  // Python → page: an upload has been worked through and is to be shown.
  watch("value", () => props.value?.video && session.openFresh(props.value));
  return session.start(viewFromAddress());
}

function apiOf(room) {
  const { timeline } = room;
  return {
    seek: (time) => timeline.seek(time),
    state: () => timelineState(room),
    get video() {
      return timeline.video;
    },
  };
}

/** `data-ready` is 1 once everything asked for is drawn; the notice stands where it can be read. */
function showReadiness({ root, session }) {
  root.dataset.ready = session.fresh ? "1" : "0";
  root.querySelector(".tl-tracks").setAttribute("aria-busy", String(!session.fresh));
  const notice = root.querySelector(".ex-notice");
  notice.textContent = session.notice;
  notice.hidden = !session.notice;
}
