// Every key of the page, once: keyboard.js acts on this table and the help shows it.

/** [{title, rows: [{text, keys: {chord: (room) => boolean|void}, repeats, also: {chord: listed chord}}]}].
 *  An action that returns false had nothing to do: the key is left to the browser. `repeats`: also while it is held. */
export const KEY_GROUPS = [
  {
    title: "Time",
    rows: [
      row("play or pause", { Space: ({ timeline }) => timeline.toggle() }),
      row("one frame back, on", { ArrowLeft: stepBy(-1), ArrowRight: stepBy(1) }, { repeats: true }),
      row("one second back, on", { "Shift+ArrowLeft": jumpBy(-1), "Shift+ArrowRight": jumpBy(1) }, { repeats: true }),
      row("to the beginning, the end", { Home: ({ timeline }) => timeline.goTo(0), End: ({ timeline }) => timeline.goTo(timeline.axis.duration) }),
      row("slower, faster", { "[": ({ transport }) => transport.changeSpeed(-1), "]": ({ transport }) => transport.changeSpeed(1) }, { repeats: true }),
      row("loop what is selected, marked or in view", { L: ({ transport }) => transport.looping.toggle() }),
    ],
  },
  {
    title: "Jump (Shift: back)",
    rows: [
      row("detection of the shown classes", jumpKeys("D", "detection"), { repeats: true }),
      row("instance of the ground truth", jumpKeys("G", "instance"), { repeats: true }),
      row("error: missed or wrong", jumpKeys("E", "error"), { repeats: true }),
    ],
  },
  {
    title: "What is shown",
    rows: [
      row("next, previous video", { N: ({ session }) => void session.stepVideo(1), P: ({ session }) => void session.stepVideo(-1) }),
      row("all videos", { V: ({ header }) => header.openTable() }),
      row("next, previous stage of the training", { S: ({ replay }) => replay.step(1), "Shift+S": ({ replay }) => replay.step(-1) }),
      row("show or hide the class of that place in the head", Object.fromEntries(["1", "2", "3", "4"].map((key) => [key, (room) => toggleClass(room, Number(key))]))),
      row("choose and order the tracks", { T: ({ tracks }) => tracks.toggle() }),
      row("closer, wider", { "+": ({ timeline }) => timeline.zoomIn(), "-": ({ timeline }) => timeline.zoomOut() }, { repeats: true, also: { "=": "+" } }),
      row("the whole video", { 0: ({ timeline }) => timeline.showAll() }),
    ],
  },
  {
    title: "Own marks",
    rows: [
      row("mark the beginning, the end", { I: ({ marks }) => marks.setIn(), O: ({ marks }) => marks.setOut() }),
      row("keep that stretch as a mark", { M: ({ marks }) => marks.add(), Enter: ({ marks }) => marks.add() }),
      row("remove the selected mark", { Delete: ({ marks }) => marks.removeSelected() }, { also: { Backspace: "Delete" } }),
    ],
  },
  {
    title: "Page",
    rows: [
      row("close what is open, then drop the selection, then the comparison", { Escape: leave }),
      row("this help", { "?": ({ help }) => help.open() }),
    ],
  },
];

/** chord → {act, repeats}, also under the keys that are not listed. */
export function bindings() {
  const found = new Map();
  for (const { keys, repeats, also } of KEY_GROUPS.flatMap(({ rows }) => rows)) {
    for (const [chord, act] of Object.entries(keys)) found.set(chord, { act, repeats });
    for (const [alias, chord] of Object.entries(also)) found.set(alias, { act: keys[chord], repeats });
  }
  return found;
}

function row(text, keys, { repeats = false, also = {} } = {}) {
  return { text, keys, repeats, also };
}

function stepBy(frames) {
  return ({ timeline }) => timeline.step(frames);
}

function jumpBy(seconds) {
  return ({ timeline }) => timeline.jump(seconds);
}

function jumpKeys(key, kind) {
  return { [key]: ({ transport }) => transport.jump(kind, 1), [`Shift+${key}`]: ({ transport }) => transport.jump(kind, -1) };
}

function toggleClass({ header }, number) {
  const chip = header.classes.querySelectorAll("[data-class]")[number - 1];
  if (chip) header.choose(chip.dataset.class, true);
}

/** Escape: one thing at a time, from the top. */
function leave({ session, tracks, marks, panels }) {
  const { sheet, selected, compare } = session.view;
  if (tracks.close() || marks.menu.close() || panels.close()) return true;
  if (sheet) session.change({ sheet: "" });
  else if (marks.selected) marks.select(null);
  else if (selected) session.change({ selected: null }, { history: "none" });
  else if (compare) session.change({ compare: null });
  else return false;
  return true;
}
