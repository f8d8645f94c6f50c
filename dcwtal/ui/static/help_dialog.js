// Every key and what the mouse does, on a sheet over the page. The keys come from key_table.js.

import { button, make } from "./dom.js";
import { KEY_GROUPS } from "./key_table.js";

const SHOWN = { ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", "-": "−" };
const MOUSE = [
  ["Click", "on the tracks: go there; on a bar: select it too"],
  ["Drag", "on the tracks: scrub; on a threshold's line: change it"],
  ["Double-click", "on a threshold's line: the run's own value again"],
  ["Ctrl + wheel", "closer or wider, at the mouse"],
  ["Shift + wheel", "sideways, when zoomed in"],
  ["Alt + drag", "sideways, when zoomed in (or drag with the middle button)"],
  ["Click", "on the picture: play or pause"],
  ["Shift + click", "on a class in the head: show it beside the others"],
];

export class HelpDialog {
  constructor(tools, room) {
    this.button = button("?", () => this.open(), { id: "help-open", "aria-label": "help: keys and mouse", title: "keys and mouse (?)", "aria-haspopup": "dialog" });
    this.dialog = make("dialog", "hd-dialog", "", { id: "help", "aria-labelledby": "help-title" });
    tools.append(this.button);
    room.root.append(this.dialog); // the tracks may be inert, under the table of videos
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close()); // beside the sheet
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "?") return;
      event.preventDefault();
      this.dialog.close();
    });
  }

  open() {
    if (!this.dialog.childElementCount) this.fill();
    if (!this.dialog.open) this.dialog.showModal();
  }

  fill() {
    const sheet = make("div", "hd-sheet");
    const head = make("div", "hd-head");
    head.append(make("h2", "", "Keys and mouse", { id: "help-title" }), button("close", () => this.dialog.close(), { id: "help-close", title: "close (Esc)" }));
    const groups = make("div", "hd-groups");
    for (const { title, rows } of KEY_GROUPS) groups.append(group(title, rows.map(({ keys, text }) => [Object.keys(keys).map(keyNodes), text])));
    groups.append(group("Mouse", MOUSE.map(([what, text]) => [[[make("kbd", "", what)]], text])));
    sheet.append(head, groups, make("p", "tl-note", "Keys rest while you type. Space and Enter press what the Tab key went to."));
    this.dialog.append(sheet);
  }
}

function group(title, rows) {
  const root = make("section");
  const list = make("dl");
  for (const [keys, text] of rows) {
    const term = make("dt");
    keys.forEach((nodes) => term.append(...nodes, " "));
    list.append(term, make("dd", "", text));
  }
  root.append(make("h3", "", title), list);
  return root;
}

/** "Shift+D" → two key caps. */
function keyNodes(chord) {
  const parts = chord.startsWith("Shift+") ? ["Shift", chord.slice(6)] : [chord];
  return parts.map((part) => make("kbd", "", SHOWN[part] || part));
}
