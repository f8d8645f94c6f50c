// Which tracks are shown, and in which order: switches, arrows, or dragging.

import { button, make } from "./dom.js";
import { lanesOf } from "./lanes.js";
import { Popover } from "./popover.js";
import { same } from "./same.js";
import { USUAL_TRACKS, fullOrder, moved, rememberTracks, switched } from "./track_order.js";

export class TrackMenu {
  constructor(tools, room) {
    this.room = room;
    const words = { id: "tracks-menu", text: "Tracks", help: "choose and order the tracks (T)", label: "tracks: which are shown, in which order" };
    this.menu = new Popover(tools, words, () => this.show(), room.signal);
    this.list = make("ul", "tm-list");
    this.usual = button("the usual tracks and order", () => this.change(USUAL_TRACKS), { id: "tracks-usual" });
    const note = make("p", "tl-note", "Drag a name or use its arrows to move a track. This browser remembers the choice.");
    this.menu.body.append(this.list, this.usual, note);
    room.session.listen((changed) => this.menu.isOpen && ["view", "video", "answer"].some((what) => changed.has(what)) && this.show());
  }

  toggle() {
    this.menu.toggle();
  }

  close() {
    return this.menu.close();
  }

  change(tracks) {
    this.room.session.change({ tracks });
    rememberTracks(tracks);
  }

  /** Show or hide a track; one at least stays. */
  toggleTrack(id, input) {
    const tracks = switched(this.room.session.view.tracks, id, input.checked);
    if (tracks.length) this.change(tracks);
    else input.checked = true;
  }

  show() {
    const { session, timeline } = this.room;
    const shown = session.view.tracks;
    const focused = document.activeElement?.id;
    this.list.replaceChildren(...lanesOf(fullOrder(shown)).map((lane) => this.item(lane, shown, timeline.scene)));
    this.usual.disabled = same(shown, USUAL_TRACKS);
    // What had the focus was made anew; an arrow at the end of its way gives it to its neighbour.
    const again = focused && this.list.querySelector(`#${CSS.escape(focused)}`);
    if (again) (again.disabled ? again.parentElement.querySelector("button:enabled, input:enabled") : again)?.focus({ preventScroll: true });
  }

  item(lane, shown, scene) {
    const { id, name } = lane;
    const place = shown.indexOf(id);
    const missing = canShow(lane, scene) ? "" : lane.needs || "nothing to show in this video";
    const root = make("li", `tm-item${missing ? " tm-missing" : ""}`, "", { draggable: String(place >= 0), "data-track": id });
    const label = make("label");
    const input = make("input", "", "", { type: "checkbox", id: `track-${id}`, checked: place >= 0, disabled: Boolean(missing) });
    input.addEventListener("change", () => this.toggleTrack(id, input));
    label.append(input, make("span", "", name));
    if (missing) label.append(make("small", "", missing));
    const arrow = (direction, text, word) => {
      const other = place < 0 ? undefined : neighbour(shown, place, direction, scene);
      return button(text, () => this.change(moved(shown, id, other)), { id: `track-${id}-${word}`, disabled: other === undefined, "aria-label": `move ${name} ${word}`, title: `move ${word}` });
    };
    root.append(label, arrow(-1, "↑", "up"), arrow(1, "↓", "down"));
    this.listenToDrag(root, id, shown);
    return root;
  }

  listenToDrag(root, id, shown) {
    root.addEventListener("dragstart", (event) => {
      this.dragged = id;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", id);
    });
    root.addEventListener("dragover", (event) => {
      if (!this.dragged || !shown.includes(id)) return;
      event.preventDefault();
      root.classList.toggle("tm-target", id !== this.dragged);
    });
    root.addEventListener("dragleave", () => root.classList.remove("tm-target"));
    root.addEventListener("dragend", () => (this.dragged = null));
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      const dragged = this.dragged;
      this.dragged = null;
      root.classList.remove("tm-target");
      if (dragged && dragged !== id) this.change(moved(shown, dragged, id));
    });
  }
}

function canShow(lane, scene) {
  return !scene || !lane.shows || lane.shows(scene);
}

/** The next track that can be shown now: stepping over others would look like no step at all. */
function neighbour(shown, place, direction, scene) {
  for (let other = place + direction; other >= 0 && other < shown.length; other += direction) {
    const [lane] = lanesOf([shown[other]]);
    if (canShow(lane, scene)) return lane.id;
  }
  return undefined;
}
