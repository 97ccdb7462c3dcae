// One message as it stands in a pane. The bot's words come as safe HTML from the server; all else goes in as text.
import { clock } from "./when.js";
import { copy, make, t } from "./start.js";

const LONG = 1200; // characters, or so many lines, are folded
const LINES = 18;
const SETTLE = 700; // milliseconds in which a second click on the same message is the same click
const unfolded = new Set();

/** The element of a message. `act(message, says)` is called for a pressed button, `ask(message)` for the question what
 * to say to it. */
export function messageElement(message, { act, ask, href }) {
  const element = copy("message-template").firstElementChild;
  const part = (name) => element.querySelector(name);
  element.dataset.id = message.id ?? "";
  element.dataset.client = message.client ?? "";
  element.message = message;
  part(".by strong").textContent = message.name;
  part(".mark").hidden = message.author !== null;
  const at = new Date(message.at);
  part("time").dateTime = message.at;
  part("time").textContent = clock(at);
  part(".by").classList.toggle("told", message.only);
  part(".only").hidden = !message.only;
  part(".only").textContent = t("only_you");
  say(part(".said"), message);
  fold(element, message);
  part(".files").append(...message.files.map(fileElement));
  part(".files").hidden = message.files.length === 0;
  part(".buttons").append(...message.buttons.map((button) => buttonElement(button, element, act)));
  part(".buttons").hidden = message.buttons.length === 0;
  part(".replies").hidden = message.replies === 0;
  part(".replies").textContent = message.replies_label;
  part(".replies").href = href;
  part('[data-do="edit"]').hidden = !message.mine;
  part('[data-do="edit"]').textContent = t("edit");
  part('[data-do="reply"]').hidden = message.thread !== null;
  for (const button of element.querySelectorAll('[data-do="ask"]')) {
    button.hidden = !message.ask || (button.matches(".below") && !message.chat.startsWith("team-"));
    button.addEventListener("click", () => ask(message));
  }
  return element;
}

function say(element, message) {
  if (message.html !== undefined) {
    element.innerHTML = message.html;
    element.querySelectorAll("a[href^='http']").forEach((link) => (link.target = "_blank"));
  } else {
    element.classList.add("plain");
    element.append(...linked(message.text));
  }
  if (message.edited) element.append(make("span", { className: "was" }, ` (${t("edited")})`));
  element.hidden = element.childNodes.length === 0;
}

function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"'）】」，。]+)/).filter(Boolean).map((piece) => {
    if (!/^https?:\/\//.test(piece)) return document.createTextNode(piece);
    return make("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece);
  });
}

function fold(element, message) {
  const text = element.querySelector(".said");
  const more = element.querySelector(".more");
  const shown = text.textContent;
  if (shown.length < LONG && shown.split("\n").length < LINES) return;
  more.hidden = false;
  const show = (open) => {
    text.classList.toggle("long", !open);
    more.textContent = t(open ? "show_less" : "show_all");
    more.setAttribute("aria-expanded", String(open));
  };
  show(unfolded.has(message.id));
  more.addEventListener("click", () => {
    if (!unfolded.delete(message.id)) unfolded.add(message.id);
    show(unfolded.has(message.id));
  });
}

function fileElement(file) {
  const href = `/chat/files/${file.id}/${encodeURIComponent(file.name)}`;
  if (file.picture) {
    const picture = make("img", { src: href, alt: file.alt || file.name, loading: "lazy" });
    return make("a", { href, target: "_blank", rel: "noopener" }, picture);
  }
  const name = make("span", { dir: "auto" }, file.name);
  return make("a", { className: "file", href, download: file.name }, name, make("span", { className: "soft" }, file.size));
}

function buttonElement(button, element, act) {
  if (button.buttons) return choicesElement(button, element, act);
  const shown = make("button", { type: "button", className: `button ${button.style}`, dir: "auto" }, button.label);
  shown.addEventListener("click", () => press(shown, element, () => act(element.message, button.says)));
  return shown;
}

function choicesElement(choices, element, act) {
  const opener = make("button", { type: "button", className: "button", dir: "auto" }, choices.label);
  const menu = make("div", { className: "menu", popover: "auto" });
  menu.setAttribute("role", "menu");
  opener.setAttribute("aria-haspopup", "menu");
  opener.popoverTargetElement = menu;
  for (const button of choices.buttons) {
    const item = make("button", { type: "button", className: button.style, dir: "auto" }, button.label);
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", () => {
      menu.hidePopover();
      opener.focus();
      press(opener, element, () => act(element.message, button.says));
    });
    menu.append(item);
  }
  menu.addEventListener("toggle", (event) => {
    opener.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    place(menu, opener);
    menu.firstElementChild.focus();
  });
  menu.addEventListener("keydown", (event) => walk(event, [...menu.children]));
  return make("div", { className: "choices" }, opener, menu);
}

function place(menu, opener) {
  const at = opener.getBoundingClientRect();
  const below = at.bottom + 4 + menu.offsetHeight < window.innerHeight;
  menu.style.margin = "0";
  menu.style.inset = "auto";
  menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - menu.offsetHeight)}px`;
}

function walk(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = items.indexOf(document.activeElement) + step;
  items[(next + items.length) % items.length].focus();
}

// The message is looked up by its id: an edit may have put another element in the place of the pressed one.
const busy = new Map();

async function press(shown, element, act) {
  const id = element.message.id;
  if (busy.has(id)) return;
  busy.set(id, shown.textContent);
  const began = Date.now();
  showBusy(element, shown.textContent);
  try {
    await act();
  } finally {
    setTimeout(() => {
      busy.delete(id);
      document.querySelectorAll(`.message[data-id="${id}"]`).forEach((now) => showBusy(now, null));
    }, Math.max(0, SETTLE - (Date.now() - began)));
  }
}

/** Marks a message whose button is being answered; `label` names the button, null ends it. */
export function showBusy(element, label = busy.get(element.message.id) ?? null) {
  for (const button of element.querySelectorAll(".buttons .button")) {
    button.setAttribute("aria-disabled", String(label !== null));
    button.label ??= button.textContent;
    button.textContent = label !== null && button.label === label ? t("working") : button.label;
  }
}
