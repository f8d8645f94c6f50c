// The address of the page holds the whole view, so that a link opens the same spot and back and forward work.
// Anyone may have written an address: what does not fit is left out, and the session says so.

const LIST = ",";
const COMPARE_PARTS = ["run", "stage", "settings", "layout"];

/** Everything an address asks for; what it does not name is absent. */
export function viewFromAddress(search = window.location.search) {
  const query = new URLSearchParams(search);
  const view = {};
  for (const name of ["run", "video", "stage", "panel", "sheet"]) if (query.has(name)) view[name] = query.get(name);
  if (query.has("class")) view.classes = query.getAll("class");
  if (query.has("curves")) view.curves = words(query.get("curves"));
  if (query.has("tracks")) view.tracks = words(query.get("tracks"));
  for (const name of ["high", "low", "tiou", "t"]) if (query.has(name)) view[name] = number(query.get(name));
  if (query.has("z")) view.zoom = rangeOf(query.get("z"));
  if (query.has("set")) view.settings = settingsOf(query.getAll("set"));
  if (query.has("vs")) view.compare = compareOf(query.get("vs"));
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
}

/** The address of a view ({…, t, zoom}); parameters of others (such as the theme) stay. */
export function addressOf(view, base = window.location.href) {
  const url = new URL(base);
  const put = (name, value) => {
    url.searchParams.delete(name);
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") url.searchParams.append(name, one);
  };
  for (const name of ["run", "video", "stage", "panel", "sheet"]) put(name, view[name]);
  put("class", view.classes || []);
  put("curves", (view.curves || []).join(LIST));
  put("tracks", (view.tracks || []).join(LIST));
  for (const name of ["high", "low", "tiou"]) put(name, view[name]);
  put("t", view.t?.toFixed(2));
  put("z", view.zoom ? view.zoom.map((time) => time.toFixed(2)).join("-") : null);
  put("set", Object.entries(view.settings || {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`));
  put("vs", view.compare ? COMPARE_PARTS.map((part) => view.compare[part] ?? "").join("~") : null);
  return url.href;
}

function words(text) {
  return text.split(LIST).filter(Boolean);
}

function number(text) {
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? value : null;
}

function rangeOf(text) {
  const [start, end, ...rest] = text.split("-").map(number);
  return !rest.length && start !== null && end > start ? [start, end] : null;
}

function settingsOf(entries) {
  const settings = {};
  for (const entry of entries) {
    const [, key, text] = entry.match(/^(\w+)=(.*)$/s) || [];
    try {
      if (key) settings[key] = JSON.parse(text);
    } catch {
      settings[key] = text; // a word without quotation marks, as on the command line
    }
  }
  return settings;
}

function compareOf(text) {
  const parts = text.split("~");
  if (!parts[0]) return null;
  return Object.fromEntries(COMPARE_PARTS.map((part, place) => [part, parts[place] || ""]));
}
