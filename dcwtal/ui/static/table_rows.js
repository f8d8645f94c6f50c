// The numbers of all videos, as the server works them out: asked for chunk by chunk while somebody looks.

import { runUrl } from "./requests.js";

const QUIET = 350; // milliseconds without a change before the work is asked for
const PAUSE = 250; // milliseconds until asking again when nothing new was ready

export class TableRows {
  /** @param {(rows: TableRows) => void} onMore  called when there is more to show */
  constructor(session, onMore) {
    Object.assign(this, { session, onMore, run: "", key: "", byId: new Map(), done: 0, total: 0, problem: "", waiting: 0, turn: 0, version: 0 });
  }

  /** What the numbers depend on. */
  keyNow() {
    const { run, stage, settings, rules, tiou } = this.session.view;
    return JSON.stringify([run, stage, settings, rules, tiou]);
  }

  get complete() {
    return this.done > 0 && this.done >= this.total;
  }

  /** Go on, or start anew when something has changed. Numbers of before stay, marked as old. */
  follow() {
    const key = this.keyNow();
    if (key === this.key && (this.working || this.complete || this.problem)) return;
    const { run } = this.session.view;
    if (key !== this.key) {
      if (run !== this.run) this.byId.clear();
      for (const row of this.byId.values()) row.old = true;
      Object.assign(this, { run, key, done: 0, total: 0, problem: "" });
      this.received = 0;
      this.version += 1;
    }
    clearTimeout(this.waiting);
    this.working = true;
    const turn = ++this.turn;
    this.waiting = setTimeout(() => this.work(turn), QUIET);
  }

  /** Nobody looks any more. */
  stop() {
    clearTimeout(this.waiting);
    this.turn += 1;
    this.working = false;
  }

  async work(turn) {
    const { session } = this;
    try {
      while (turn === this.turn && !this.complete) {
        const reply = await session.requests.post("table", runUrl(this.run, "table"), session.asked({ after: this.received }), (loading) => this.progress(loading));
        if (turn !== this.turn) return;
        if (reply) this.take(reply);
        if (!reply?.rows.length && !this.complete) await new Promise((done) => setTimeout(done, PAUSE));
      }
    } catch (error) {
      if (turn !== this.turn) return;
      this.problem = error.message;
      this.onMore(this);
    }
    if (turn === this.turn) this.working = false;
  }

  progress({ done, total }) {
    this.reading = `reading scores, ${done} of ${total}`;
    this.onMore(this);
  }

  take({ rows, total }) {
    this.reading = "";
    for (const row of rows) this.byId.set(row.id, row);
    this.received += rows.length;
    this.version += 1;
    // `done` of the server may run ahead of what it has sent.
    Object.assign(this, { done: this.received, total });
    this.onMore(this);
  }
}
