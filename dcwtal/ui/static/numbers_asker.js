// Asks for data-set numbers: a little after the last change, one question at a time, and never the same one twice.

import { runUrl } from "./requests.js";

const PAUSE = 120; // milliseconds without a change before the question is sent
const KEPT = 24;

export class NumbersAsker {
  /** @param {import("./requests.js").Requests} requests  whose client asks  @param {string} kind  of the requests
   *  @param {() => void} onChange  told when `numbers`, `stale`, `loading` or `error` changed
   *  @param {{alone?: boolean}} options  alone: nobody else asks with `requests`, so each question withdraws the one before */
  constructor(requests, kind, onChange, { alone = false } = {}) {
    Object.assign(this, { requests, kind, onChange, alone });
    this.kept = new Map(); // key → numbers
    this.numbers = null; // the newest known; of an older question while `stale`
    this.stale = false;
    this.loading = null; // {done, total} while the server reads score files
    this.error = "";
    this.ticket = 0;
    this.key = "";
  }

  /** Want the numbers of `run` under `body` {stage, settings, rules, subset}. */
  want(run, body) {
    const key = JSON.stringify([run, body]);
    // A change that is not about numbers (the tIoU that counts as found) makes the server drop what it is working on.
    const dropped = this.stale && !this.error && this.turn !== this.requests.turn && !this.alone;
    if (key === this.key && !dropped) return;
    if (run !== this.run) this.numbers = null; // those of another run would only mislead
    this.withdraw();
    Object.assign(this, { key, run, body, error: "", turn: this.requests.turn });
    const known = this.kept.get(key);
    this.stale = !known;
    if (known) this.numbers = known;
    else this.timer = setTimeout(() => this.ask(this.ticket), PAUSE);
    this.onChange();
  }

  /** Nothing is wanted any more. */
  stop() {
    this.withdraw();
    Object.assign(this, { key: "", run: "", numbers: null, stale: false, error: "" });
  }

  withdraw() {
    this.ticket += 1;
    this.loading = null;
    clearTimeout(this.timer);
    this.requests.forget(this.kind);
  }

  async ask(ticket) {
    if (this.alone) this.requests.turn += 1;
    try {
      const reply = await this.requests.post(this.kind, runUrl(this.run, "numbers"), this.body, (loading) => {
        if (ticket !== this.ticket) return;
        this.loading = loading;
        this.onChange();
      });
      if (ticket !== this.ticket) return;
      if (!reply) {
        // The server dropped it for a newer question of this page that was not about numbers.
        this.timer = setTimeout(() => this.ask(ticket), PAUSE);
        return;
      }
      this.keep(reply);
    } catch (error) {
      if (ticket !== this.ticket) return;
      this.error = error.message;
    }
    this.loading = null;
    this.onChange();
  }

  keep(numbers) {
    this.numbers = numbers;
    this.stale = false;
    this.kept.set(this.key, numbers);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
  }
}
