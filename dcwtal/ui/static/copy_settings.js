// "Copy as settings": the command line and the TOML that give the shown numbers again, each with a button that copies it.

import { button, make } from "./dom.js";
import { runUrl } from "./requests.js";

const PAUSE = 150; // milliseconds after the last change before the text is asked for again
const PARTS = [
  ["command", "Command line", "the same mAP, and the rates of CBP and VLP, again"],
  ["toml", "settings.toml", "only what differs from the run"],
];

export class CopySettings {
  constructor(session) {
    this.session = session;
    this.root = make("section", "wi-copy", "", { id: "copy-settings", "aria-label": "copy as settings", hidden: true });
    this.said = make("p", "wi-said", "", { role: "status" });
    this.texts = {};
    const close = button("×", () => this.toggle(), { class: "wi-close", "aria-label": "close", title: "close" });
    this.root.append(close, ...PARTS.map((part) => this.part(...part)), this.said);
  }

  part(name, title, help) {
    const root = make("div", "wi-copied");
    const head = make("div", "wi-copy-head");
    const text = make("pre", "wi-text", "", { id: `copy-${name}`, tabindex: "0", "aria-label": title });
    head.append(make("b", "", title), make("span", "", help), button("Copy", () => this.copy(text), { "aria-label": `copy ${title}`, id: `copy-${name}-button` }));
    root.append(head, text);
    this.texts[name] = text;
    return root;
  }

  get open() {
    return !this.root.hidden;
  }

  toggle() {
    this.root.hidden = !this.root.hidden;
    this.key = "";
    this.say("");
  }

  /** Keep the text that of `body`; cheap when nothing changed. */
  show(run, body) {
    const key = JSON.stringify([run, body]);
    if (!this.open || key === this.key) return;
    this.key = key;
    this.say("");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(run, body, key), PAUSE);
  }

  async ask(run, body, key) {
    try {
      const reply = await this.session.requests.post("settings-text", runUrl(run, "settings-text"), body);
      if (!reply || key !== this.key) return;
      for (const [name] of PARTS) this.texts[name].textContent = reply[name].trimEnd();
    } catch (error) {
      if (key === this.key) this.say(error.message);
    }
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text.textContent);
      this.say("copied");
    } catch {
      // No clipboard for this page: the text is selected, one key copies it.
      window.getSelection().selectAllChildren(text);
      text.focus();
      this.say("selected: copy it with Ctrl+C");
    }
  }

  say(text) {
    this.said.textContent = text;
  }
}
