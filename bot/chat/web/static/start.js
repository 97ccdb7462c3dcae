// What the server knew when it made the page: who looks, the words in their language, the chats.
export const start = JSON.parse(document.getElementById("start").textContent);
export const me = start.me;

/** A text in the reader's language; `{name}` in it becomes the value of that name. */
export function t(name, values = {}) {
  return start.words[name].replace(/\{(\w+)\}/g, (blank, key) => (key in values ? String(values[key]) : blank));
}

/** An id for one act, so that sending it again after a lost connection is not doing it again. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const grouped = (number) => number.toLocaleString("en");

/** A copy of what stands in a template of the page. */
export function copy(id) {
  return document.getElementById(id).content.cloneNode(true);
}

/** An element; `parts` become its children, strings as text. */
export function make(tag, properties = {}, ...parts) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...parts);
  return element;
}

/** A sentence that stands for a while at the foot of the page. */
export function toast(text) {
  const note = make("p", { className: "toast", dir: "auto" }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), Math.max(5000, text.length * 80));
}
