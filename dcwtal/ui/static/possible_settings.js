// Which stage and settings of an address a run can follow. What it cannot is left out, and said.

import { same } from "./same.js";

/** [stage, name of a moment within its phase or ""]; addresses name a moment as B1-000075. */
export function possibleStage(asked, run, notices) {
  const isStage = (wanted) => run.stages.some(({ name }) => name === wanted);
  const [, stage] = asked?.match(/^(.+)-\d{6}$/) || [];
  if (!asked || isStage(asked)) return [asked || run.final_stage, ""];
  if (isStage(stage)) return [stage, asked];
  notices.push(`Run ${run.key} has no stage “${asked}”; this is ${run.final_stage}.`);
  return [run.final_stage, ""];
}

/** What differs from the run's own settings. @param {object} asked  key → value, from an address */
export function possibleSettings(form, asked = {}, own, notices) {
  const settings = {};
  for (const [key, value] of Object.entries(asked)) {
    const field = form.find((one) => one.key === key);
    if (!field) notices.push(`There is no setting ${key}.`);
    else if (!fits(field, value)) notices.push(`The setting ${key} cannot be ${JSON.stringify(value)}; it is the run's own.`);
    else if (!same(value, own[key])) settings[key] = value;
  }
  return settings;
}

/** δ_h (`high`) and δ_l (`low`) where they differ from the run's own. */
export function possibleRules(asked, own, notices) {
  const names = ["high", "low"].filter((name) => typeof asked[name] === "number");
  const wanted = { ...own, ...Object.fromEntries(names.map((name) => [name, asked[name]])) };
  if (!(0 <= wanted.low && wanted.low < wanted.high && wanted.high <= 1)) {
    notices.push("δl must lie below δh, both between 0 and 1; they are the run's own.");
    return {};
  }
  return Object.fromEntries(names.filter((name) => wanted[name] !== own[name]).map((name) => [name, wanted[name]]));
}

/** Its kind, and for numbers roughly its size; exact bounds are the server's business. */
function fits(field, value) {
  if (field.kind === "number" && typeof value === "number") return value >= 0 && value <= (field.most ?? Infinity);
  if (field.kind === "number") return field.optional && value === null;
  if (field.kind === "choice") return field.choices.includes(value);
  if (field.kind === "flag") return typeof value === "boolean";
  if (field.kind === "list") return Array.isArray(value) && value.every((one) => typeof one === "number");
  return typeof value === "string";
}
