// Which tracks are shown, in which order: the visitor's own choice, remembered by the browser.

import { LANES } from "./lanes.js";

const KEY = "dcwtal.tracks";
const HIDDEN_AT_FIRST = ["fused-ribbon", "marks"];

/** All ids in the usual order. */
export const ALL_TRACKS = LANES.map(({ id }) => id);
export const USUAL_TRACKS = ALL_TRACKS.filter((id) => !HIDDEN_AT_FIRST.includes(id));

/** The remembered choice, else the usual one. Unknown ids are dropped. */
export function rememberedTracks() {
  try {
    const stored = JSON.parse(window.localStorage.getItem(KEY));
    if (Array.isArray(stored)) return known(stored);
  } catch {
    // no storage allowed, or not ours: the usual tracks
  }
  return USUAL_TRACKS;
}

export function rememberTracks(ids) {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // a private window: the choice lasts as long as the page
  }
}

export function known(ids) {
  const wanted = [...new Set(ids)].filter((id) => ALL_TRACKS.includes(id));
  return wanted.length ? wanted : USUAL_TRACKS;
}

/** Every track: the shown ones in their order, each hidden one where it would come to stand. */
export function fullOrder(shown) {
  const order = [...shown];
  ALL_TRACKS.forEach((id, place) => {
    if (order.includes(id)) return;
    const before = ALL_TRACKS.slice(0, place).findLast((each) => order.includes(each));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
  });
  return order;
}

/** The shown tracks after one of them was switched on or off. */
export function switched(shown, id, on) {
  return on ? fullOrder(shown).filter((each) => each === id || shown.includes(each)) : shown.filter((each) => each !== id);
}

/** The shown tracks after one was put in the place of another. */
export function moved(shown, id, target) {
  const to = shown.indexOf(target);
  if (to < 0 || !shown.includes(id)) return shown;
  const rest = shown.filter((each) => each !== id);
  rest.splice(to, 0, id);
  return rest;
}
