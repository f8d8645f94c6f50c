// The what-if form: the most used settings on top, the others in groups that fold; each with its own value and a way back.

import { make } from "./dom.js";
import { slider } from "./form.js";
import { same } from "./same.js";
import { idleSentence, whatIfField } from "./what_if_fields.js";

const GROUPS = [
  ["runs", "From curve to runs", true],
  ["maps", "Maps and matching", true],
  ["classes", "Which classes", false],
  ["score", "Score of a run", false],
  ["suppression", "Suppression and limits", false],
];
const STEP = 0.01; // between δ_l and δ_h at least
const USUAL_TIOU = 0.5;

export class WhatIfForm {
  /** @param {object} session */
  constructor(session) {
    this.session = session;
    this.root = make("div", "wi-form");
  }

  /** Make the controls for the shown run; stages differ from run to run. */
  build() {
    const { session } = this;
    const { form } = session.studio;
    this.run = session.run;
    this.fields = new Map();
    for (const row of form) this.fields.set(row.key, whatIfField(row, this.run, (value) => session.changeSetting(row.key, value)));
    this.rules = ruleFields(session);
    const most = make("div", "wi-most");
    most.append(...form.filter(({ group }) => group === "what").map(({ key }) => this.fields.get(key).root));
    this.groups = GROUPS.map(([id, title, open]) => this.group(id, title, open));
    this.root.replaceChildren(most, ...this.groups.map(({ root }) => root));
  }

  group(id, title, open) {
    const root = make("details", "wi-group", "", { id: `what-if-${id}` });
    const mark = make("span", "wi-mark");
    const summary = make("summary", "", title);
    summary.append(mark);
    const keys = this.session.studio.form.filter(({ group }) => group === id).map(({ key }) => key);
    const rules = id === "maps" ? this.rules : [];
    root.append(summary, ...keys.map((key) => this.fields.get(key).root), ...rules.map(({ root: node }) => node));
    root.open = open || keys.some((key) => key in this.session.view.settings);
    return { root, mark, keys, rules };
  }

  show() {
    const { session } = this;
    if (this.run !== session.run) this.build();
    const { settings, run } = session;
    for (const row of session.studio.form) {
      const field = this.fields.get(row.key);
      field.set(settings[row.key], run.settings[row.key]);
      field.idle(idleSentence(row, settings, session.studio.form));
    }
    for (const { set, value, own } of this.rules) set(value(), own());
    for (const { mark, keys, rules } of this.groups) {
      const changed = keys.filter((key) => key in session.view.settings).length + rules.filter(({ value, own }) => !same(value(), own())).length;
      mark.textContent = changed ? `${changed} changed` : "";
    }
  }
}

/** δ_h, δ_l and the tIoU that counts as found: not settings of localization, but what maps and matches depend on. */
function ruleFields(session) {
  const rule = (name) => ({ value: () => session.rules[name], own: () => session.run.rules[name] });
  const round = (value) => Number(value.toFixed(4));
  return [
    {
      ...slider({
        id: "rule-high-field", label: "δh", min: STEP, max: 1, step: STEP, help: "foreground of maps and ribbons is a score above this",
        onChange: (value) => session.changeRule("high", round(Math.max(value, session.rules.low + STEP))),
      }),
      ...rule("high"),
    },
    {
      ...slider({
        id: "rule-low-field", label: "δl", min: 0, max: 1 - STEP, step: STEP, help: "background of maps is a score below this; between δl and δh is uncertain",
        onChange: (value) => session.changeRule("low", round(Math.min(value, session.rules.high - STEP))),
      }),
      ...rule("low"),
    },
    {
      ...slider({
        id: "found-tiou", label: "found from tIoU", min: 0.05, max: 1, step: 0.05, help: "a detection that overlaps an instance at least this much has found it",
        onChange: (value) => session.change({ tiou: value }),
      }),
      value: () => session.view.tiou,
      own: () => USUAL_TIOU,
    },
  ];
}
