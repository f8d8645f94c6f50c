// Making elements. Text only ever goes in as text: names come from files and people.

/** An element with a class, text and attributes; children may be added. */
export function make(tag, className = "", text = "", attributes = {}) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== "" && text !== null && text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  return node;
}

/** A push button that does something. */
export function button(text, action, attributes = {}) {
  const node = make("button", attributes.class || "", text, { type: "button", ...attributes });
  node.addEventListener("click", action);
  return node;
}
