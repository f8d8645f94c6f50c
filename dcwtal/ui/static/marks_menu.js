// The list of the visitor's own marks, with what can be done to them.

import { button, make } from "./dom.js";
import { Popover } from "./popover.js";
import { clockText } from "./time_axis.js";

export class MarksMenu {
  constructor(tools, marks, room) {
    this.marks = marks;
    this.room = room;
    const words = { id: "marks-menu", text: "Marks", help: "your own marks of this video", label: "your own marks of this video" };
    this.popover = new Popover(tools, words, () => this.show(), room.signal);
    this.bounds = make("p", "mk-bounds");
    this.list = make("ul", "mk-list");
    this.copyButton = button("copy as JSON", () => this.copy(), { id: "marks-copy", title: "ActivityNet style: label and segment in seconds" });
    this.text = make("textarea", "mk-text", "", { readonly: true, rows: 4, hidden: true, "aria-label": "marks as JSON" });
    this.note = make("p", "tl-note", "", { role: "status" });
    this.popover.body.append(this.actions(), this.bounds, this.list, this.copyButton, this.text, this.note);
  }

  actions() {
    const { marks } = this;
    const root = make("p", "mk-actions");
    root.append(
      button("begin here (I)", () => marks.setIn(), { id: "marks-in" }),
      button("end here (O)", () => marks.setOut(), { id: "marks-out" }),
      button("keep (M)", () => marks.add(), { id: "marks-add" }),
    );
    return root;
  }

  close() {
    return this.popover.close();
  }

  show() {
    const { marks, popover } = this;
    const { rows } = marks;
    popover.button.textContent = rows.length ? `Marks ${rows.length}` : "Marks";
    if (!popover.isOpen) return;
    this.showBounds(marks.bounds);
    this.list.replaceChildren(...rows.map((row, place) => this.item(row, place)));
    this.copyButton.hidden = !rows.length;
    this.text.hidden = true;
    this.note.textContent = marks.kept
      ? "Marks stay in this browser, for this video of this data set. Nobody else sees them."
      : "This browser keeps nothing: the marks are gone when the page is closed. Copy them.";
  }

  showBounds({ start, end }) {
    const set = start !== null || end !== null;
    const time = (value) => (value === null ? "…" : clockText(value));
    this.bounds.replaceChildren(set ? `marked: ${time(start)} – ${time(end)}` : "Nothing marked: go to a beginning and press I, to an end and press O.");
    if (set) this.bounds.append(" ", button("clear", () => this.marks.clearBounds(), { id: "marks-clear" }));
  }

  item(row, place) {
    const { marks, room } = this;
    const text = `${clockText(row.start)} – ${clockText(row.end)} ${row.label}`;
    const root = make("li", row === marks.selected ? "mk-selected" : "");
    const go = button(text, () => {
      room.timeline.goTo(row.start);
      marks.select(row);
    }, { class: "mk-go", title: "go there" });
    const remove = button("×", () => {
      marks.remove(row);
      this.list.querySelectorAll(".mk-remove")[Math.min(place, marks.rows.length - 1)]?.focus();
    }, { class: "mk-remove", "aria-label": `remove the mark ${text}`, title: "remove (Delete)" });
    root.append(go, remove);
    return root;
  }

  /** To the clipboard; where the browser forbids that, into a text that one key copies. */
  async copy() {
    const text = asJson(this.room.session, this.marks.rows);
    try {
      await navigator.clipboard.writeText(text);
      this.note.textContent = "copied";
    } catch {
      this.text.value = text;
      this.text.hidden = false;
      this.text.select();
      this.note.textContent = "selected: copy it with Ctrl+C";
    }
  }
}

/** The marks of the shown video as an ActivityNet-style ground truth. */
function asJson({ data, view }, rows) {
  const annotations = rows.map(({ start, end, label }) => ({ label, segment: [start, end].map((time) => Number(time.toFixed(3))) }));
  return JSON.stringify({ database: { [view.video]: { duration: Number(data.duration.toFixed(3)), annotations } } }, null, 1);
}
