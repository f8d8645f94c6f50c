// A button with a small panel under it. Escape, a click outside and leaving it with Tab close it.

import { button, make } from "./dom.js";

export class Popover {
  /** @param {HTMLElement} host  @param {{id, text, help, label}} words  @param {() => void} onOpen  fills `body` */
  constructor(host, { id, text, help, label }, onOpen, signal) {
    this.onOpen = onOpen;
    this.button = button(text, () => this.toggle(), { id, title: help, "aria-expanded": "false", "aria-controls": `${id}-panel`, "aria-haspopup": "dialog" });
    this.body = make("div", "tl-popover", "", { id: `${id}-panel`, role: "dialog", "aria-label": label, hidden: true });
    host.append(this.button, this.body);
    this.body.addEventListener("keydown", (event) => event.key === "Escape" && this.close() && event.preventDefault());
    this.body.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !this.holds(relatedTarget) && this.close());
    document.addEventListener("pointerdown", ({ target }) => !this.holds(target) && this.close(), { signal, capture: true });
  }

  get isOpen() {
    return !this.body.hidden;
  }

  holds(node) {
    return this.body.contains(node) || this.button.contains(node);
  }

  toggle() {
    if (!this.close()) this.open();
  }

  open() {
    this.body.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.onOpen();
    this.body.querySelector("input:enabled, button:enabled")?.focus({ preventScroll: true });
  }

  /** @returns whether it was open */
  close() {
    if (!this.isOpen) return false;
    const focused = this.body.contains(document.activeElement);
    this.body.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (focused) this.button.focus({ preventScroll: true });
    return true;
  }
}
