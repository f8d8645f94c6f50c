// Questions to our own routes. One question of a kind at a time: a newer one aborts the older, whose caller gets null.

import { readBlob } from "./blob.js";

export const PREFIX = "/gradio_api/dcwtal";
const NO_ANSWER = "The studio does not answer. If it was stopped, start it again; then repeat what you did.";
const STILL_READING = 250; // milliseconds until asking again while the server reads files

/** Address of something of a run, or of one of its videos; names are quoted whole. */
export function runUrl(run, what) {
  return `${PREFIX}/runs/${encodeURIComponent(run)}/${what}`;
}

export function videoUrl(run, video, what) {
  return runUrl(run, `videos/${encodeURIComponent(video)}/${what}`);
}

export class Requests {
  constructor() {
    this.running = new Map(); // kind → AbortController
    this.waiting = new Map(); // kind → the newest question that may have to be asked again
    this.client = Math.random().toString(36).slice(2);
    this.turn = 0; // counts the changes of the view: the server drops work on data-set numbers for older ones
  }

  /** GET a blob ({header, arrays}) or JSON. @returns null when a newer request of this kind was made */
  get(kind, url) {
    return this.only(kind, (signal) => fetch(url, { signal }));
  }

  /** POST a JSON body. While the server is still reading (202), `onLoading({done, total})` is told and it is asked again. */
  async post(kind, url, body, onLoading = () => {}) {
    const mine = {};
    this.waiting.set(kind, mine);
    const text = JSON.stringify({ ...body, client: this.client, turn: this.turn });
    const send = (signal) =>
      fetch(url, { method: "POST", body: text, headers: { "Content-Type": "application/json" }, signal });
    for (;;) {
      const reply = await this.only(kind, send);
      if (!reply?.loading) return reply;
      onLoading(reply.loading);
      await new Promise((done) => setTimeout(done, STILL_READING));
      if (this.waiting.get(kind) !== mine) return null;
    }
  }

  async only(kind, send) {
    this.running.get(kind)?.abort();
    const controller = new AbortController();
    this.running.set(kind, controller);
    try {
      const response = await send(controller.signal);
      return await understood(response);
    } catch (error) {
      if (error.name === "AbortError") return null;
      if (error instanceof TypeError) throw new Error(NO_ANSWER); // the browser's word for a server that is not there
      throw error;
    } finally {
      if (this.running.get(kind) === controller) this.running.delete(kind);
    }
  }

  /** Drop a question whose answer nobody wants any more. */
  forget(kind) {
    this.running.get(kind)?.abort();
    this.running.delete(kind);
    this.waiting.delete(kind);
  }
}

async function understood(response) {
  if (response.status === 409) return null; // the server saw a newer one
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new Error(body.error || `the server answered ${response.status}`);
  }
  const isBlob = response.headers.get("content-type")?.startsWith("application/octet-stream");
  return isBlob ? readBlob(await response.arrayBuffer()) : response.json();
}
