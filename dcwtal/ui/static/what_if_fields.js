// One row of the what-if form as a control, by the kind that Python says: choice, stage, number, flag, list.

import { make } from "./dom.js";
import { checkbox, segments, select, slider, textField } from "./form.js";

const AS_SEGMENTS = { branch: "source", mode: "mode" }; // the most used ones, with the ids they have always had
const WORDS = { cbp: "CBP", vlp: "VLP", same: "same as shown" };
const FINEST = 1e-6;

/** @param {object} row  of the form (ui/settings_form.py)  @param {object} run  the shown run  @param {(value) => void} onChange
 *  @returns {{root, set(value, own), idle(sentence)}} */
export function whatIfField(row, run, onChange) {
  const control = MAKERS[row.kind](row, run, onChange);
  const sentence = make("span", "wi-idle-note");
  control.root.append(sentence);
  control.root.dataset.key = row.key;
  return { ...control, idle: (text) => setIdle(control.root, sentence, text) };
}

/** Why a field has no effect under the present settings, or "". */
export function idleSentence(row, settings, form) {
  for (const [key, values] of Object.entries(row.only)) {
    if (values.includes(settings[key])) continue;
    const title = form.find((other) => other.key === key)?.title || key;
    return `no effect: only with ${title} ${values.map(word).join(" or ")}`;
  }
  return "";
}

function setIdle(root, sentence, text) {
  root.classList.toggle("wi-idle", Boolean(text));
  if (sentence.textContent !== text) sentence.textContent = text;
}

const MAKERS = {
  choice: (row, _, onChange) => choice(row, row.choices, onChange),
  stage: (row, run, onChange) => choice(row, ["same", ...run.stages.map(({ name }) => name)], onChange),
  number: (row, _, onChange) => (row.optional ? optionalNumber : number)(row, onChange),
  flag: (row, _, onChange) => checkbox({ ...named(row), onChange }),
  list: (row, _, onChange) => textField({ ...named(row), parse: readThresholds, format: (values) => values.join(", "), onChange }),
};

function named(row) {
  return { id: AS_SEGMENTS[row.key] || `set-${row.key}`, label: row.title, help: row.help };
}

function choice(row, values, onChange) {
  const choices = values.map((value) => ({ value, title: word(value), help: row.help }));
  return (row.key in AS_SEGMENTS ? segments : select)({ ...named(row), choices, onChange });
}

function number(row, onChange) {
  return slider({ ...named(row), min: row.min, max: row.max, most: row.most ?? Infinity, step: fineStep(row), unit: row.unit, onChange });
}

/** A number that may be absent: a switch in front of the slider. */
function optionalNumber(row, onChange) {
  const control = number(row, onChange);
  const inputs = [...control.root.querySelectorAll("input")];
  const middle = (row.min + row.max) / 2;
  let last = middle;
  const toggle = make("input", "wi-optional", "", { type: "checkbox", "aria-label": `use ${row.title}` });
  toggle.addEventListener("change", () => onChange(toggle.checked ? last : null));
  control.root.querySelector("label").append(toggle);
  return {
    root: control.root,
    set(value, own) {
      control.set(value, own);
      toggle.checked = value !== null;
      for (const input of inputs) input.disabled = value === null;
      if (value !== null) last = value;
    },
  };
}

/** A step that reaches the field's own default: 0.001 is no multiple of 0.01. */
function fineStep({ step, default: value }) {
  let finer = step;
  while (value && finer > FINEST && Math.abs(value / finer - Math.round(value / finer)) > 1e-9) finer /= 10;
  return Number(finer.toPrecision(3));
}

/** "0.1, 0.2" → [0.1, 0.2]: rising, in (0, 1]; else null. */
function readThresholds(text) {
  const values = text.split(/[,\s]+/).filter(Boolean).map(Number);
  const fits = values.length > 0 && values.every((value, place) => value > 0 && value <= 1 && (place === 0 || value > values[place - 1]));
  return fits ? values : null;
}

function word(value) {
  return WORDS[value] || value;
}
