// Incomplete or over-complete: the coverage × purity plane of every detection, and a table per class.

import { completenessTable } from "./completeness_table.js";
import { spanText } from "./detection_facts.js";
import { button, make } from "./dom.js";
import { chips, segments } from "./form.js";
import { readPalette, watchTheme } from "./palette.js";
import { PlaneChart } from "./plane_chart.js";
import { runUrl } from "./requests.js";
import { same } from "./same.js";
import { CURVES } from "./session.js";

const QUIET = 250; // milliseconds without a change before the server is asked
const TITLES = { cbp: "CBP", vlp: "VLP", fused: "fused" };
const EVERY = ""; // class filter: all classes
const DEFINITIONS =
  "Coverage: how much of the instance the detection covers. Purity: how much of the detection lies inside the instance. " +
  "tIoU = 1 / (1/coverage + 1/purity − 1): the curves. Outward and inward: seconds by which both ends together stick out of, or " +
  "fall short of, the instance, on average. A merge covers half of two instances or more; a fragmented instance holds two pieces " +
  "or more, none of which is enough; a delete is an instance, an insertion a detection, that meets no other.";

export class CompletenessPanel {
  static id = "completeness";
  static title = "Completeness";
  static help = "coverage and purity of every detection, for CBP, VLP and both fused";

  constructor(root, room) {
    Object.assign(this, { root, room, scope: "video", branches: [...CURVES], label: EVERY, reply: null, asked: "", waiting: 0, pick: null });
    this.scopes = segments({ id: "plane-scope", label: "of", choices: [{ value: "video", title: "this video" }, { value: "subset", title: "all videos" }], onChange: (value) => this.choose({ scope: value }) });
    this.chips = chips({ id: "plane-branches", label: "branches", choices: CURVES.map((value) => ({ value, title: TITLES[value], swatch: value })), onChange: (branches) => this.choose({ branches }) });
    this.filter = make("select", "", "", { id: "plane-class", "aria-label": "class" });
    this.filter.addEventListener("change", () => this.choose({ label: this.filter.value }));
    this.progress = make("p", "cp-progress", "", { id: "plane-progress", role: "status" });
    this.chart = new PlaneChart({ describe: (point) => this.describe(point), onPick: (point) => this.open(point) });
    this.other = make("p", "cp-other");
    this.table = make("div", "cp-table");
    const controls = make("div", "cp-controls");
    controls.append(this.scopes.root, this.filter, this.chips.root);
    this.body = [controls, this.progress, this.chart.root, this.other, this.table, make("p", "cp-note", DEFINITIONS)];
    watchTheme(() => this.root.isConnected && this.draw());
  }

  choose(changes) {
    Object.assign(this, changes);
    this.show(this.room.timeline.scene, null);
  }

  show(scene) {
    const { session } = this.room;
    if (!scene) return this.root.replaceChildren();
    if (scene.truth === null && this.scope === "video") {
      this.fill(this.body[0], make("p", "cp-note", "Nobody annotated this video: there is no truth to be complete against. “All videos” shows those of the data set."));
    } else this.fill(...this.body);
    this.scopes.set(this.scope);
    this.chips.set(this.branches);
    if (scene.truth === null && this.scope === "video") return null;
    const { run, video, stage, settings, tiou } = session.view;
    const key = JSON.stringify([run, stage, settings, tiou, session.subset, this.scope === "video" ? [video, session.snapshot] : null]);
    if (key !== this.asked) this.ask(key);
    else this.draw();
    return null;
  }

  /** The nodes in place, without touching what is already there: what is scrolled or focused stays so. */
  fill(...nodes) {
    if (!same([...this.root.children].map((_, i) => this.root.children[i] === nodes[i]), nodes.map(() => true))) this.root.replaceChildren(...nodes);
  }

  /** Once nothing has changed for a moment; while the panel is not looked at nothing is asked. */
  ask(key) {
    const { session } = this.room;
    this.asked = key;
    this.root.classList.add("cp-waiting");
    this.progress.textContent = "Working out…";
    clearTimeout(this.waiting);
    this.waiting = setTimeout(async () => {
      if (session.view.panel !== CompletenessPanel.id) return this.forget(key); // asked again when it is looked at
      const body = this.scope === "video" ? session.askedOfVideo({ video: session.view.video }) : session.asked();
      const loading = ({ done, total }) => (this.progress.textContent = `Reading the scores of ${total} videos: ${done} done`);
      try {
        const reply = await session.requests.post("plane", runUrl(session.view.run, "plane"), body, loading);
        if (this.asked !== key) return;
        if (!reply) return this.forget(key);
        this.take(reply);
      } catch (error) {
        if (this.asked === key) this.fail(error.message);
      }
    }, QUIET);
  }

  /** The question was not answered (the server dropped it for a newer one of the page's): it is still open. */
  forget(key) {
    this.asked = "";
    if (this.room.session.view.panel === CompletenessPanel.id) this.ask(key);
  }

  fail(message) {
    this.root.classList.remove("cp-waiting");
    this.progress.textContent = message;
  }

  take(reply) {
    this.reply = reply;
    this.root.classList.remove("cp-waiting");
    this.points = CURVES.flatMap((branch) =>
      (reply.points[branch] || []).map(([video, label, start, end, score, coverage, purity, tiou]) => ({
        branch, video: reply.videos[video], label: reply.classes[label], start, end, score, coverage, purity, tiou,
      })),
    );
    const labels = [...new Set([...reply.per_class.map(({ label }) => label), ...this.points.map(({ label }) => label)])].sort();
    this.filter.replaceChildren(make("option", "", "all classes", { value: EVERY }), ...labels.map((label) => make("option", "", label, { value: label })));
    if (!labels.includes(this.label)) this.label = EVERY;
    this.filter.value = this.label;
    this.draw();
  }

  draw() {
    if (!this.reply) return;
    const { session, root } = this.room;
    const isShown = ({ branch, label }) => this.branches.includes(branch) && (this.label === EVERY || label === this.label);
    const { selected, video } = session.view;
    const isPicked = (point) => selected?.kind === "detection" && point.video === video && point.label === selected.label
      && Math.abs(point.start - selected.start) < 1e-6 && Math.abs(point.end - selected.end) < 1e-6 && (!this.pick || this.pick.branch === point.branch);
    const shown = this.points.filter(isShown);
    this.chart.set(shown, readPalette(root), isPicked);
    if (!this.root.classList.contains("cp-waiting")) this.progress.textContent = this.countText(shown);
    this.table.replaceChildren(completenessTable(this.reply.per_class.filter(isShown), CURVES));
    this.other.replaceChildren(...this.otherBranch());
  }

  countText(shown) {
    const left = this.branches.reduce((sum, branch) => sum + (this.reply.left_out?.[branch] || 0), 0);
    const where = this.scope === "video" ? "this video" : `${this.room.session.subset} videos`;
    return `${shown.length.toLocaleString("en")} detections of ${where}${left ? `; ${left.toLocaleString("en")} with lower scores are not drawn` : ""}`;
  }

  /** Points are of all branches, the tracks show the detections of one. */
  otherBranch() {
    const { session } = this.room;
    const { pick } = this;
    const { branch } = session.settings;
    if (!pick || pick.branch === branch || pick.video !== session.view.video) return [];
    const follow = () => session.changeSetting("branch", pick.branch, { history: "push" });
    return [make("span", "", `A detection of ${TITLES[pick.branch]}; the tracks show those of ${TITLES[branch]}. `), button(`show those of ${TITLES[pick.branch]}`, follow, { id: "plane-branch" })];
  }

  describe({ branch, video, label, coverage, purity, tiou, score, ...span }) {
    const where = video === this.room.session.view.video ? "" : `${video} · `;
    return `${TITLES[branch]} · ${where}${label} ${spanText(span)} · coverage ${percent(coverage)}, purity ${percent(purity)}, tIoU ${tiou.toFixed(2)}, score ${score.toFixed(2)}`;
  }

  open(point) {
    const { session } = this.room;
    const { video, label, start, end } = point;
    this.pick = point;
    session.openVideo(video, { time: start, classes: [label], selected: { kind: "detection", start, end, label } });
  }

  /** For tests and scripts. */
  state() {
    const { chart } = this;
    return { waiting: this.root.classList.contains("cp-waiting"), points: chart.points.map((point) => ({ ...point, x: chart.toX(point.coverage), y: chart.toY(point.purity) })) };
  }
}

function percent(share) {
  return `${Math.round(100 * share)} %`;
}
