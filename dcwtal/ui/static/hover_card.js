// The small card beside the mouse: what the detection or instance under it is. Text only; it never takes the mouse.

import { factsOf, kindReason, kindWord, spanText } from "./detection_facts.js";
import { make } from "./dom.js";

const BESIDE = 14; // pixels from the mouse

export class HoverCard {
  constructor({ root, session, timeline, signal }) {
    Object.assign(this, { session, timeline, mouse: { x: 0, y: 0 } });
    this.tracks = root.querySelector(".tl-tracks");
    this.card = make("div", "hc-card", "", { id: "hover-card", role: "tooltip", hidden: true });
    this.tracks.append(this.card);
    // Capturing: the place must be known before the timeline tells what lies there.
    const follow = ({ clientX, clientY }) => (this.mouse = { x: clientX, y: clientY });
    this.tracks.addEventListener("pointermove", follow, { capture: true, signal });
    timeline.onMove((name) => name === "hover" && this.show());
    session.listen(() => this.hide());
  }

  hide() {
    this.card.hidden = true;
    this.shown = null;
  }

  show() {
    const hit = this.timeline.hoverHit;
    const lines = hit && this.session.data ? this.linesOf(hit) : null;
    if (!lines) return this.hide();
    const key = JSON.stringify([hit.kind, hit.row.start, hit.row.end, hit.row.label, hit.row.score]);
    if (key !== this.shown) this.card.replaceChildren(...lines);
    this.shown = key;
    this.card.hidden = false;
    this.place();
    return null;
  }

  linesOf({ kind, row, index }) {
    if (kind === "detection" || kind === "other") return detectionLines(row, this.session.data.truth);
    if (kind === "instance") return this.instanceLines(row, index);
    return null;
  }

  instanceLines(row, index) {
    const match = this.session.answer?.instances?.[index];
    const lines = [title(row.label, match ? (match.found ? "found" : "missed") : "", match?.found !== false)];
    lines.push(make("p", "", `instance ${spanText(row)} (${(row.end - row.start).toFixed(1)} s)`));
    if (match?.found === false) lines.push(make("p", "hc-hint", "click: why is it missed?"));
    return lines;
  }

  /** Beside the mouse, inside the tracks. */
  place() {
    const { card, tracks, mouse } = this;
    const frame = tracks.getBoundingClientRect();
    const [x, y] = [mouse.x - frame.left, mouse.y - frame.top];
    const fitsRight = x + BESIDE + card.offsetWidth <= frame.width;
    const fitsBelow = mouse.y + BESIDE + card.offsetHeight <= window.innerHeight;
    card.style.left = `${Math.max(0, fitsRight ? x + BESIDE : x - BESIDE - card.offsetWidth)}px`;
    card.style.top = `${fitsBelow ? y + BESIDE : y - BESIDE - card.offsetHeight}px`;
  }
}

function detectionLines(row, truth) {
  const list = make("dl");
  for (const [name, text] of factsOf(row, truth)) list.append(make("dt", "", name), make("dd", "", text));
  const word = kindWord(row);
  const lines = [title(row.label, word ?? "", row.hit !== false), list];
  if (kindReason(row)) lines.splice(1, 0, make("p", "", kindReason(row)));
  return lines;
}

function title(label, word, good) {
  const line = make("p", "hc-title");
  line.append(make("b", "", label));
  if (word) line.append(make("span", good ? "hc-good" : "hc-bad", `${good ? "✓" : "✗"} ${word}`));
  return line;
}
