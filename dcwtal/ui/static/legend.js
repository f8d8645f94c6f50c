// What the shapes of the shown tracks mean, under them.

import { CurveSwitches } from "./curve_switches.js";
import { make } from "./dom.js";
import { KINDS } from "./ribbons.js";

// Track ids → [what it is about, [[swatch, meaning], …]]. One entry for all tracks that share it.
const ENTRIES = [
  { of: ["cbp-map", "vlp-map"], title: "labels", keys: () => [["full", "foreground (> δh)"], ["half", "uncertain"], ["low", "background (< δl)"]] },
  { of: ["cbp-ribbon", "vlp-ribbon", "fused-ribbon"], title: "scores ≥ δh", keys: () => ["TP", "FP", "FN"].map((kind) => [kind.toLowerCase(), `${kind} ${KINDS[kind]}`]) },
  { of: ["disagreement"], title: "disagree", keys: () => [["hill", "|CBP − VLP|"]] },
  {
    of: ["detections", "other-detections"],
    title: "detections",
    keys: ({ truth }) => (truth ? [["solid", "✓ right"], ["striped", "✗ wrong"], ["", "score · tIoU"]] : [["solid", "score"]]),
  },
  { of: ["truth"], title: "truth", keys: ({ truth }) => (truth ? [["found", "found"], ["missed", "missed"], ["other", "other class"]] : []) },
  { of: ["marks"], title: "my marks", keys: () => [["", "kept in this browser"]] },
];

export class Legend {
  constructor(root, room) {
    this.root = root;
    this.room = room;
    this.switches = new CurveSwitches(room);
    room.session.listen(() => this.show());
  }

  show() {
    const { scene, stack } = this.room.timeline;
    const entries = scene ? entriesOf(scene, stack.lanes.map(({ id }) => id)) : [];
    const written = JSON.stringify(entries);
    if (written === this.written) return; // it is asked for at every move of a threshold
    this.written = written;
    this.root.replaceChildren(...entries.map(entryNode));
  }
}

function entriesOf(scene, ids) {
  const entries = [];
  if (ids.includes("curves") && scene.classes.length > 1) {
    entries.push({ title: "classes", keys: scene.classes.map(({ name }, place) => [`dash-${place}`, name]) });
  }
  if (ids.includes("curves") && scene.other) entries.push({ title: "", keys: [["faint", scene.other.title]] });
  for (const { of, title, keys } of ENTRIES) {
    const found = of.some((id) => ids.includes(id)) ? keys(scene) : [];
    if (found.length) entries.push({ title, keys: found });
  }
  const { highlights } = scene;
  if (highlights?.segments?.length && ids.includes(`${highlights.branch}-map`)) {
    entries.push({ title: "", keys: [["changed", `${highlights.kind || "changed"} by this step`]] });
  }
  return entries;
}

function entryNode({ title, keys }) {
  const root = make("span", "lg-entry");
  if (title) root.append(make("b", "", title));
  for (const [swatch, meaning] of keys) {
    const key = make("span", "lg-key");
    if (swatch) key.append(make("i", `lg-${swatch}`, "", { "aria-hidden": "true" }));
    key.append(meaning);
    root.append(key);
  }
  return root;
}
