// The studio's own controls, all made here: segments (one of few), chips (several of many), sliders, numbers, lists,
// switches. Each is {root, set(value)}; setting it never calls `onChange`.

import { make } from "./dom.js";

const REFUSAL_SHOWN = 3000; // milliseconds

/** One of a few: a radio group drawn as segments. `choices`: [{value, title, help}]. One Tab stop, arrows move. */
export function segments({ id, label, choices, onChange }) {
  const root = make("fieldset", "dcw-segments", "", { id });
  root.append(make("legend", "", label));
  const inputs = new Map();
  for (const { value, title, help } of choices) {
    const item = make("label", "", "", { title: help });
    const input = make("input", "", "", { type: "radio", name: `${id}-choice`, value });
    input.addEventListener("change", () => {
      mark();
      onChange(value);
    });
    item.append(input, make("span", "", title));
    root.append(item);
    inputs.set(value, input);
  }
  const mark = () => inputs.forEach((input) => input.parentElement.classList.toggle("selected", input.checked));
  return {
    root,
    set(value) {
      inputs.forEach((input, own) => (input.checked = own === value));
      mark();
    },
  };
}

/** Several of many: check boxes drawn as chips. `choices`: [{value, title, help}]; `set` takes the list of chosen ones. */
export function chips({ id, label, choices, onChange }) {
  const root = make("fieldset", "dcw-segments dcw-chips", "", { id });
  root.append(make("legend", "", label));
  const inputs = new Map();
  const chosen = () => [...inputs].filter(([, input]) => input.checked).map(([value]) => value);
  for (const { value, title, help, swatch } of choices) {
    const item = make("label", "", "", { title: help });
    const input = make("input", "", "", { type: "checkbox", value });
    input.addEventListener("change", () => {
      mark();
      onChange(chosen(), value, input.checked);
    });
    item.append(input, ...(swatch ? [make("i", `dcw-swatch dcw-${swatch}`)] : []), make("span", "", title));
    root.append(item);
    inputs.set(value, input);
  }
  const mark = () => inputs.forEach((input) => input.parentElement.classList.toggle("selected", input.checked));
  return {
    root,
    set(values) {
      inputs.forEach((input, own) => (input.checked = values.includes(own)));
      mark();
    },
  };
}

/** A number with a slider beside it; `own` (the run's value) is drawn as a tick and offered by the reset button. `max` ends
 *  the slider; the box takes numbers up to `most`. */
export function slider({ id, label, help, min, max, most = max, step, unit = "", onChange }) {
  const root = make("div", "dcw-field dcw-slider", "", { id });
  const name = make("label", "", label, { for: `${id}-range`, title: help });
  const range = make("input", "", "", { type: "range", id: `${id}-range`, min, max, step, "aria-describedby": `${id}-help` });
  const box = make("input", "", "", { type: "number", min, max: Number.isFinite(most) ? most : null, step, "aria-label": `${label}${unit ? ` in ${unit}` : ""}` });
  const reset = resetButton(label, () => onChange(own));
  let own = null;
  let shown = min;
  range.addEventListener("input", () => onChange(Number(range.value)));
  box.addEventListener("change", () => {
    const value = Number(box.value);
    if (box.value !== "" && value >= min && value <= most) onChange(value);
    else {
      box.value = shown;
      box.setCustomValidity(`from ${min}${Number.isFinite(most) ? ` to ${most}` : ""}`);
      box.reportValidity();
      setTimeout(() => box.setCustomValidity(""), REFUSAL_SHOWN);
    }
  });
  root.append(name, range, box, make("span", "dcw-unit", unit), reset, make("p", "dcw-help", help, { id: `${id}-help` }));
  return {
    root,
    set(value, ownValue) {
      own = ownValue;
      shown = value;
      range.value = value;
      if (document.activeElement !== box) box.value = value;
      range.style.setProperty("--own", `${(100 * (own - min)) / (max - min)}%`);
      changed(root, reset, value, own);
    },
  };
}

/** One of many words. */
export function select({ id, label, help, choices, onChange }) {
  const root = make("div", "dcw-field dcw-select", "", { id });
  const input = make("select", "", "", { id: `${id}-input`, "aria-describedby": help ? `${id}-help` : null });
  for (const { value, title } of choices) input.append(make("option", "", title, { value }));
  const reset = resetButton(label, () => onChange(own));
  let own = null;
  input.addEventListener("change", () => onChange(input.value));
  root.append(make("label", "", label, { for: `${id}-input`, title: help }), input, reset);
  if (help) root.append(make("p", "dcw-help", help, { id: `${id}-help` }));
  return {
    root,
    set(value, ownValue = value) {
      own = ownValue;
      input.value = value;
      changed(root, reset, value, own);
    },
  };
}

/** Yes or no. */
export function checkbox({ id, label, help, onChange }) {
  const root = make("div", "dcw-field dcw-check", "", { id });
  const input = make("input", "", "", { type: "checkbox", id: `${id}-input`, "aria-describedby": `${id}-help` });
  const reset = resetButton(label, () => onChange(own));
  let own = null;
  input.addEventListener("change", () => onChange(input.checked));
  root.append(make("label", "", label, { for: `${id}-input`, title: help }), input, reset, make("p", "dcw-help", help, { id: `${id}-help` }));
  return {
    root,
    set(value, ownValue) {
      own = ownValue;
      input.checked = value;
      changed(root, reset, value, own);
    },
  };
}

/** Text that `parse` turns into a value (or into null: refused, the text is marked). */
export function textField({ id, label, help, parse, format, onChange }) {
  const root = make("div", "dcw-field dcw-text", "", { id });
  const input = make("input", "", "", { type: "text", id: `${id}-input`, spellcheck: "false", "aria-describedby": `${id}-help` });
  const reset = resetButton(label, () => onChange(own));
  let own = null;
  input.addEventListener("change", () => {
    const value = parse(input.value);
    input.setAttribute("aria-invalid", String(value === null));
    if (value !== null) onChange(value);
  });
  root.append(make("label", "", label, { for: `${id}-input`, title: help }), input, reset, make("p", "dcw-help", help, { id: `${id}-help` }));
  return {
    root,
    set(value, ownValue) {
      own = ownValue;
      if (document.activeElement !== input) input.value = format(value);
      changed(root, reset, format(value), format(own));
    },
  };
}

function resetButton(label, action) {
  const node = make("button", "dcw-reset", "↺", { type: "button", title: "back to the run's own value", "aria-label": `reset ${label}`, hidden: true });
  node.addEventListener("click", action);
  return node;
}

function changed(root, reset, value, own) {
  const differs = JSON.stringify(value) !== JSON.stringify(own);
  root.classList.toggle("dcw-changed", differs);
  reset.hidden = !differs;
}
