// The address of the page holds the view, so that a link opens the same spot. Other parameters stay as they are.

const NAMES = ["run", "video", "class", "stage", "of", "mode", "t"];

/** Write a view into the address without adding to the history. Null and undefined remove a parameter. */
export function writeAddress(view) {
  const url = new URL(window.location.href);
  for (const name of NAMES) {
    const value = view[name];
    if (value === null || value === undefined || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, String(value));
  }
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
}
