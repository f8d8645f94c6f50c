// The panels beside the tracks, one at a time, as tabs: arrow keys move between them.

import { make } from "./dom.js";

export class PanelTabs {
  /** @param {HTMLElement} list  @param {HTMLElement} body  @param {Array} kinds  classes with static `id`, `title`, `help` and
   *  show(scene, changed), called whenever something changed while the panel is in view (`changed` null: it was just opened) */
  constructor(list, body, kinds, room) {
    this.room = room;
    this.body = body;
    this.panels = kinds.map((Kind) => {
      const root = make("div", `ex-${Kind.id}`);
      const tab = make("button", "ex-tab", Kind.title, { type: "button", role: "tab", id: `tab-${Kind.id}`, title: Kind.help });
      tab.addEventListener("click", () => this.choose(Kind.id));
      tab.addEventListener("keydown", (event) => this.onKey(event));
      list.append(tab);
      return { id: Kind.id, root, tab, panel: new Kind(root, room) };
    });
    room.session.listen((changed) => this.show(changed));
  }

  choose(id) {
    this.room.session.change({ panel: id });
  }

  /** Close what the panel in view has opened, if anything. */
  close() {
    return this.shown?.panel.close?.() ?? false;
  }

  onKey(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const place = this.panels.findIndex(({ tab }) => tab === event.target);
    const next = this.panels[(place + move + this.panels.length) % this.panels.length];
    this.choose(next.id);
    next.tab.focus();
  }

  show(changed) {
    const wanted = this.panels.find(({ id }) => id === this.room.session.view.panel) || this.panels[0];
    const opened = this.shown !== wanted;
    if (opened) {
      this.shown = wanted;
      this.body.replaceChildren(wanted.root);
      this.body.setAttribute("aria-labelledby", wanted.tab.id);
      for (const { tab, id } of this.panels) {
        tab.setAttribute("aria-selected", String(id === wanted.id));
        tab.tabIndex = id === wanted.id ? 0 : -1;
      }
    }
    wanted.panel.show(this.room.timeline.scene, opened ? null : changed);
  }
}
