// What if the settings were others: the form, and above it, always in view, what that does to the whole data set.

import { CopySettings } from "./copy_settings.js";
import { button, make } from "./dom.js";
import { segments } from "./form.js";
import { NumbersAsker } from "./numbers_asker.js";
import { NumbersView } from "./numbers_view.js";
import { Requests } from "./requests.js";
import { same } from "./same.js";
import { WhatIfForm } from "./what_if_form.js";

export class WhatIfPanel {
  static id = "what-if";
  static title = "What-if";
  static help = "change how curves become detections, and see what that does here and on the whole data set";

  constructor(root, room) {
    Object.assign(this, { root, room });
    const { session } = room;
    this.pinned = null; // {run, stage, settings, rules}: what the numbers are compared with
    this.subset = ""; // chosen by hand; else the shown video's own
    const redraw = () => this.showNumbers();
    this.now = new NumbersAsker(session.requests, "numbers", redraw);
    this.before = new NumbersAsker(new Requests(), "numbers", redraw, { alone: true });
    this.numbers = new NumbersView(["before", "now"]);
    this.form = new WhatIfForm(session);
    this.copy = new CopySettings(session);
    this.empty = make("p", "wi-empty", "No video to change anything about. Choose a run and a video above.");
    this.build();
  }

  build() {
    const top = make("div", "wi-top");
    const head = make("div", "wi-head");
    this.reset = button("Reset all", () => this.resetAll(), { id: "reset-all", title: "back to the run's own settings, δh, δl and tIoU" });
    this.pin = button("Pin as before", () => this.togglePin(), { id: "pin-before", "aria-pressed": "false" });
    const copy = button("Copy as settings", () => this.openCopy(), { id: "copy-as-settings", title: "command line and TOML that give these numbers" });
    const explain = button("?", () => this.explain(explain), { id: "explain-settings", "aria-pressed": "false", "aria-label": "explain every setting", title: "explain every setting" });
    head.append(this.reset, this.pin, copy, explain);
    const line = make("div", "wi-line");
    this.subsets = make("span", "wi-subsets");
    line.append(this.numbers.state, this.subsets);
    top.append(head, line, this.numbers.bar, this.numbers.map);
    this.body = make("div", "wi-body");
    this.body.append(top, this.numbers.rates, this.numbers.protocol, this.copy.root, this.form.root);
    this.root.append(this.empty, this.body);
  }

  show(scene) {
    const { session } = this.room;
    this.empty.hidden = Boolean(scene);
    this.body.hidden = !scene;
    if (!scene) return;
    if (this.pinned && this.pinned.run !== session.view.run) this.pinned = null;
    this.showSubsets();
    this.form.show();
    const changes = this.changes();
    this.reset.disabled = changes === 0;
    const text = changes ? `Reset all (${changes})` : "Reset all";
    if (this.reset.textContent !== text) this.reset.textContent = text;
    const pinText = this.pinned ? "Unpin" : "Pin as before";
    if (this.pin.textContent !== pinText) this.pin.textContent = pinText;
    this.pin.setAttribute("aria-pressed", String(Boolean(this.pinned)));
    this.pin.title = this.pinned ? "compare with the run's own settings again" : "compare every further change with the present settings";
    this.wantNumbers();
    this.copy.show(session.view.run, this.asked());
  }

  changes() {
    const { view } = this.room.session;
    return Object.keys(view.settings).length + Object.keys(view.rules).length + (view.tiou === 0.5 ? 0 : 1);
  }

  /** What the numbers route is asked about the present settings. */
  asked() {
    const { stage, settings, rules, subset } = this.room.session.asked({ subset: this.chosenSubset() });
    return { stage, settings, rules, subset };
  }

  /** The same about what they are compared with. */
  askedBefore() {
    const { session } = this.room;
    const { stage, settings, rules } = this.pinned || { stage: session.view.stage, settings: {}, rules: ownRules(session) };
    return { stage, settings, rules, subset: this.chosenSubset() };
  }

  chosenSubset() {
    const { session } = this.room;
    return session.run.subsets.includes(this.subset) ? this.subset : session.subset;
  }

  wantNumbers() {
    const { run } = this.room.session.view;
    this.now.want(run, this.asked());
    if (same(this.asked(), this.askedBefore())) this.before.stop();
    else this.before.want(run, this.askedBefore());
    this.showNumbers();
  }

  showNumbers() {
    const { now, before } = this;
    const unchanged = before.key === "";
    const first = unchanged ? now.numbers : before.numbers;
    this.numbers.show(first, now.numbers, {
      stale: now.stale || before.stale,
      loading: now.loading || before.loading,
      error: now.error || before.error,
      note: this.beforeNote(),
    });
  }

  beforeNote() {
    const { session } = this.room;
    if (!this.pinned) return `before: the run's own settings at ${session.view.stage}`;
    const { stage, settings } = this.pinned;
    return [`before: pinned at ${stage}`, ...Object.entries(settings).map(([key, value]) => `${key} ${JSON.stringify(value)}`)].join(" · ");
  }

  showSubsets() {
    const { session } = this.room;
    const { subsets, key } = session.run;
    if (this.subsetsOf !== key) {
      this.subsetsOf = key;
      const choices = subsets.map((value) => ({ value, title: value, help: `numbers of the ${value} videos` }));
      this.subsetChoice = segments({ id: "numbers-subset", label: "", choices, onChange: (value) => this.chooseSubset(value) });
      this.subsetChoice.root.setAttribute("aria-label", "subset");
      this.subsets.replaceChildren(...(subsets.length > 1 ? [this.subsetChoice.root] : []));
    }
    this.subsetChoice.set(this.chosenSubset());
  }

  chooseSubset(subset) {
    this.subset = subset;
    this.show(this.room.timeline.scene);
  }

  togglePin() {
    const { session } = this.room;
    const { run } = session.view;
    const { stage, settings, rules } = session.asked();
    this.pinned = this.pinned ? null : { run, stage, settings, rules };
    this.show(this.room.timeline.scene);
  }

  resetAll() {
    this.room.session.change({ settings: {}, rules: {}, tiou: 0.5 }, { history: "push" });
  }

  /** Esc: the text to copy, if it is open. */
  close() {
    if (!this.copy.open) return false;
    this.copy.toggle();
    return true;
  }

  openCopy() {
    this.copy.toggle();
    this.show(this.room.timeline.scene);
  }

  explain(node) {
    const on = this.body.classList.toggle("wi-explained");
    node.setAttribute("aria-pressed", String(on));
  }
}

function ownRules({ run }) {
  return { high: run.rules.high, low: run.rules.low };
}
