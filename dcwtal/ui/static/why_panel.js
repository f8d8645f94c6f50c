// Why is this detection wrong, why is this instance missed, and which smallest change would mend it.

import { factsOf, kindReason, kindWord, rowOf, spanText } from "./detection_facts.js";
import { button, make } from "./dom.js";
import { HoverCard } from "./hover_card.js";
import { pairDiagram } from "./pair_diagram.js";
import { videoUrl } from "./requests.js";
import { same } from "./same.js";

const LISTED = 60; // rows of a list
const QUIET = 120; // milliseconds without a change before the server is asked
const LEAVES = "video"; // the panel that gives way when an error is clicked; in the others people are at work
const REASONS = {
  "class missed": "The class is not chosen for this video.",
  undiscovered: "No candidate overlaps it enough.",
  suppressed: "A good candidate was suppressed.",
  "out-ranked": "A good candidate comes too late in the ranking.",
};

export class WhyPanel {
  static id = "why";
  static title = "Why?";
  static help = "why a detection is wrong or an instance is missed, and what would mend it";

  constructor(root, room) {
    Object.assign(this, { root, room, waiting: 0, reply: null, asked: "", before: null });
    this.card = new HoverCard(room);
    room.session.listen((changed) => this.follow(changed));
  }

  /** An error that is clicked in the tracks brings the panel up, unless the visitor works in another one. */
  follow(changed) {
    const { session } = this.room;
    if (changed.has("video")) this.before = null;
    const { selected, panel } = session.view;
    const isNew = selected !== this.seen;
    this.seen = selected;
    if (isNew && selected && panel === LEAVES && this.isError(selected)) session.change({ panel: WhyPanel.id }, { history: "none" });
  }

  isError(selected) {
    const { answer, data } = this.room.session;
    if (selected.kind === "detection") return rowOf(selected, answer?.detections)?.hit === false;
    const place = data?.truth?.indexOf(rowOf(selected, data.truth)) ?? -1;
    return answer?.instances?.[place]?.found === false;
  }

  show(scene, changed) {
    if (changed && !["answer", "view", "video", "curves"].some((what) => changed.has(what))) return;
    const { session } = this.room;
    const { answer, data, view } = session;
    if (!scene || !answer) return this.root.replaceChildren(make("p", "wy-empty", scene ? "Working out the detections…" : ""));
    if (changed && !session.fresh && same(view.selected, this.drawn)) return; // the answer to the change is on its way
    const key = JSON.stringify([data.url, view.selected, view.classes, answer.stage, answer.settings, answer.tiou]);
    if (key === this.shown && changed) return;
    this.shown = key;
    this.drawn = view.selected;
    const parts = view.selected ? this.selection(view.selected) : this.overview();
    this.root.replaceChildren(...parts, ...this.undoLine());
  }

  selection(selected) {
    const { answer, data } = this.room.session;
    const back = button("‹ all errors of this video", () => this.select(null), { id: "why-back", class: "wy-back" });
    if (selected.kind === "detection") {
      const row = rowOf(selected, answer.detections);
      return [back, ...(row ? this.detection(row) : [this.heading(selected, "", true), gone()])];
    }
    const place = data.truth?.indexOf(rowOf(selected, data.truth)) ?? -1;
    return [back, ...(place >= 0 ? this.instance(data.truth[place], place) : [make("p", "", "This video has no such instance.")])];
  }

  heading(row, word, good) {
    const line = make("h2", "wy-title");
    line.append(make("span", "", row.label));
    if (word) line.append(make("b", good ? "hc-good" : "hc-bad", `${good ? "✓" : "✗"} ${word}`));
    return line;
  }

  detection(row) {
    const { data, settings } = this.room.session;
    const parts = [this.heading(row, kindWord(row), row.hit !== false)];
    if (kindReason(row)) parts.push(make("p", "", sentence(kindReason(row))));
    if (data.truth === null) parts.push(make("p", "wy-note", "Nobody annotated this video: right or wrong cannot be told."));
    const instance = data.truth?.[row.instance];
    if (instance) parts.push(pairDiagram(instance, row, settings.branch));
    parts.push(factList(factsOf(row, data.truth)));
    const place = row.instance;
    if (instance && !row.hit) parts.push(button("to this instance", () => this.select("instance", data.truth[place]), { class: "wy-link" }));
    return parts;
  }

  instance(row, place) {
    const { session } = this.room;
    const { answer } = session;
    const match = answer.instances?.[place];
    const parts = [this.heading(row, match?.found ? "found" : "missed", Boolean(match?.found))];
    const by = match?.found ? answer.detections[match.detection] : null;
    const nearest = by ?? best(answer.detections, place);
    parts.push(make("p", "", `Instance ${spanText(row)} (${(row.end - row.start).toFixed(1)} s). A detection of it must reach tIoU ${answer.tiou}.`));
    if (match && !match.found) parts.push(this.reasonBox(place));
    if (nearest) {
      parts.push(make("h3", "", by ? "Found by" : "The nearest detection"), pairDiagram(row, nearest, session.settings.branch));
      parts.push(factList(factsOf(nearest, session.data.truth)));
      parts.push(button("to this detection", () => this.select("detection", nearest), { class: "wy-link" }));
    } else parts.push(make("p", "wy-note", `No detection of ${row.label} overlaps it.`));
    return parts;
  }

  /** Filled by the server's answer, which is asked for once the visitor has settled. */
  reasonBox(place) {
    const box = make("div", "wy-reason", "", { id: "why-reason", "aria-live": "polite" });
    const { session } = this.room;
    const { run, video } = session.view;
    const body = session.askedOfVideo({ instance: place });
    const key = JSON.stringify([run, video, body]);
    if (this.asked === key && this.reply) return this.fill(box, this.reply);
    box.append(make("p", "wy-note", "Looking for the reason…"));
    this.asked = key;
    this.reply = null;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(async () => {
      const reply = await session.requests.post("why", videoUrl(run, video, "why"), body).catch((error) => ({ text: error.message, changes: [] }));
      if (!reply || this.asked !== key) return;
      this.reply = reply;
      this.fill(box, reply);
    }, QUIET);
    return box;
  }

  fill(box, { reason, text, changes, searched, seconds }) {
    const parts = [];
    if (reason) parts.push(make("h3", "wy-word", reason === "found" ? "found" : `${reason}: ${REASONS[reason] ?? ""}`));
    parts.push(make("p", "", text));
    if (changes.length) parts.push(make("h3", "", "Smallest changes that find it"));
    else if (reason && reason !== "found") parts.push(make("p", "wy-note", noChange(searched, seconds)));
    for (const change of changes) parts.push(this.changeButton(change));
    box.replaceChildren(...parts);
    return box;
  }

  changeButton({ key, value, text, hits, wrong }) {
    const { session } = this.room;
    const apply = () => {
      this.before = this.before ?? session.view.settings;
      session.changeSetting(key, value, { history: "push" });
    };
    const node = button("", apply, { class: "wy-change", "data-key": key });
    node.append(make("b", "", text), make("span", "", `finds ${signed(hits)}, wrong ${signed(wrong)}`));
    return node;
  }

  undoLine() {
    const { session } = this.room;
    if (!this.before) return [];
    const undo = () => {
      const settings = this.before;
      this.before = null;
      session.change({ settings }, { history: "push" });
    };
    const line = make("p", "wy-undo");
    line.append(button("undo the change", undo, { id: "why-undo" }), make("span", "wy-note", " back to the settings before"));
    return [line];
  }

  /** Every error of the video. */
  overview() {
    const { answer, data, view } = this.room.session;
    if (data.truth === null) {
      return [make("p", "wy-empty", "Nobody annotated this video, so nothing can be called wrong or missed. Click a detection in the tracks to see its facts.")];
    }
    const missed = data.truth.map((row, place) => [row, place]).filter(([, place]) => answer.instances?.[place]?.found === false);
    const wrong = answer.detections.filter(({ hit }) => hit === false);
    if (!missed.length && !wrong.length) {
      const what = data.truth.length ? `Nothing is wrong at tIoU ${answer.tiou}: every instance is found, no detection is wrong.` : "This video has no action, and no detection.";
      return [make("p", "wy-empty", `${what} Click a detection or an instance in the tracks to see its facts.`)];
    }
    const first = (row) => (view.classes.includes(row.label) ? 0 : 1);
    missed.sort(([a], [b]) => first(a) - first(b) || a.start - b.start);
    wrong.sort((a, b) => first(a) - first(b) || b.score - a.score);
    return [
      make("p", "wy-note", `At tIoU ${answer.tiou}. Click one, here or in the tracks, to see why.`),
      ...this.list("missed", `${missed.length} missed`, missed.map(([row]) => row), "instance"),
      ...this.list("wrong", `${wrong.length} wrong detection${wrong.length === 1 ? "" : "s"}`, wrong, "detection"),
    ];
  }

  list(id, title, rows, kind) {
    const list = make("ul", "wy-list", "", { id: `why-${id}`, "aria-label": title });
    for (const row of rows.slice(0, LISTED)) {
      const item = button("", () => this.select(kind, row), { class: "wy-row" });
      item.append(make("span", "wy-span", spanText(row)), make("b", "", row.label));
      item.append(make("span", "wy-note", kind === "detection" ? kindWord(row) : ""), make("span", "wy-score", kind === "detection" ? row.score.toFixed(2) : ""));
      const entry = make("li");
      entry.append(item);
      list.append(entry);
    }
    const rest = rows.length > LISTED ? [make("p", "wy-note", `and ${rows.length - LISTED} with lower scores`)] : [];
    return rows.length ? [make("h3", "", title), list, ...rest] : [];
  }

  /** Select a row and go there; its class is brought in view. */
  select(kind, row) {
    const { session, timeline } = this.room;
    if (!kind) return session.change({ selected: null }, { history: "none" });
    const { start, end, label } = row;
    const { classes } = session.view;
    session.change({ selected: { kind, start, end, label }, classes: classes.includes(label) ? classes : [label] }, { history: "replace" });
    timeline.goTo(start);
    return null;
  }
}

function best(detections, place) {
  return detections.filter(({ instance }) => instance === place).reduce((top, row) => (top && top.tiou >= row.tiou ? top : row), null);
}

function factList(facts) {
  const list = make("dl", "wy-facts");
  for (const [name, text, help] of facts) list.append(make("dt", "", name, { title: help }), make("dd", "", text));
  return list;
}

function gone() {
  return make("p", "wy-note", "With the present stage and settings there is no such detection any more.");
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** What an empty list of changes means: everything was tried, the time was up, or there was nothing to try. */
function noChange(searched, seconds) {
  if (searched === "part") return `The search was stopped after ${seconds} s; none found so far.`;
  return searched === "all" ? "None of the settings tried finds it." : "No setting can find it.";
}

function signed(count) {
  return count > 0 ? `+${count}` : count < 0 ? `−${-count}` : "±0";
}
