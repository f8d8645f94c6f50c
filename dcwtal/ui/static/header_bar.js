// What is looked at: run, video, classes. The head of the page.

import { button, make } from "./dom.js";
import { MOST_CLASSES } from "./session.js";

const CHIPS_SHOWN = 4;

export class HeaderBar {
  constructor(root, room) {
    this.room = room;
    const { session } = room;
    this.run = make("select", "", "", { id: "run", "aria-label": "run", title: "trained run" });
    this.run.addEventListener("change", () => session.go({ run: this.run.value, video: session.view.video }));
    this.previous = button("‹", () => session.stepVideo(-1), { id: "previous-video", "aria-label": "previous video", title: "previous video (P)" });
    this.video = button("", () => this.openTable(), { id: "video", class: "ex-video", title: "all videos (V)", "aria-haspopup": "dialog" });
    this.following = button("›", () => session.stepVideo(1), { id: "next-video", "aria-label": "next video", title: "next video (N)" });
    this.classes = make("span", "ex-classes", "", { id: "classes", role: "group", "aria-label": "classes whose curves are shown" });
    root.append(this.run, this.previous, this.video, this.following, this.classes);
    session.listen((changed) => this.show(changed));
  }

  openTable() {
    const { session } = this.room;
    session.change({ sheet: session.view.sheet === "videos" ? "" : "videos" });
  }

  show(changed) {
    const { session } = this.room;
    if (changed.has("run")) {
      this.run.replaceChildren(...(session.studio?.runs || []).map(({ key, title }) => make("option", "", title, { value: key })));
      this.run.value = session.view.run;
      this.run.hidden = (session.studio?.runs.length || 0) < 2;
    }
    const { data, view } = session;
    for (const node of [this.previous, this.video, this.following, this.classes]) node.hidden = !data;
    if (!data) return;
    this.video.textContent = `${data.title} ▾`;
    this.video.setAttribute("aria-expanded", String(view.sheet === "videos"));
    if (["video", "curves", "view"].some((what) => changed.has(what))) this.showClasses();
  }

  showClasses() {
    const { session } = this.room;
    const { data, view } = session;
    const ordered = session.ownClasses();
    const shown = [...new Set([...view.classes, ...data.labels, ...ordered.slice(0, 2)])].slice(0, Math.max(CHIPS_SHOWN, view.classes.length));
    const nodes = shown.map((name) => this.chip(name));
    const rest = ordered.filter((name) => !shown.includes(name));
    if (rest.length) nodes.push(this.more(rest));
    this.classes.replaceChildren(...nodes);
  }

  /** A chip: click shows only this class, Shift or Ctrl + click adds it to those shown or takes it away. */
  chip(name) {
    const { session } = this.room;
    const { data, view } = session;
    const place = view.classes.indexOf(name);
    const own = data.labels.includes(name);
    const node = button(name, (event) => this.choose(name, event.shiftKey || event.ctrlKey || event.metaKey), {
      class: `ex-chip${place === 0 ? " ex-main" : ""}${own ? " ex-own" : ""}`,
      "aria-pressed": String(place >= 0),
      title: `${own ? "labelled in this video. " : ""}Click: only this class; Shift + click: beside the others (up to ${MOST_CLASSES}). The first one's maps and ribbons are shown.`,
      "data-class": name,
    });
    if (place >= 0) node.prepend(make("i", `ex-dash ex-dash-${place}`, "", { "aria-hidden": "true" }));
    return node;
  }

  more(names) {
    const list = make("select", "ex-more", "", { id: "more-classes", "aria-label": "more classes", title: "more classes" });
    list.append(make("option", "", `+ ${names.length}`, { value: "" }), ...names.map((name) => make("option", "", name, { value: name })));
    list.addEventListener("change", () => list.value && this.choose(list.value, this.room.session.view.classes.length < MOST_CLASSES));
    return list;
  }

  choose(name, beside) {
    const { session } = this.room;
    const { classes } = session.view;
    const toggled = classes.includes(name) ? classes.filter((one) => one !== name) : [...classes, name].slice(-MOST_CLASSES);
    const wanted = beside ? toggled : [name];
    if (wanted.length) session.change({ classes: wanted }, { history: "push" });
  }
}
