// A form as a dialog. What was typed stays when it is closed, refused or cut off, until it has been taken.
import { Refused } from "./api.js";
import { grouped, make, start, t } from "./start.js";

const dialog = document.getElementById("form");
const sheet = dialog.querySelector("form");
const fields = dialog.querySelector(".fields");
const submit = dialog.querySelector('[type="submit"]');
const fault = dialog.querySelector("footer .fault");
const progress = dialog.querySelector("footer .progress");
const NATIVE = { line: "text", number: "number", date: "date", time: "time" };
const SHORT = 24; // characters of an option that may stand beside others

let now = null; // {form, send, back, sending}

/** Opens a form; `send(answers, onRetry)` hands in what was filled in, and gives the next form if there is one. */
export function openForm(form, send) {
  now = { form, send, back: document.activeElement, sending: false };
  document.getElementById("form-title").textContent = form.title;
  submit.textContent = form.submit;
  fields.replaceChildren(...form.fields.map(fieldElement));
  if (form.intro) {
    const intro = make("div", { className: "intro" });
    intro.innerHTML = form.intro;
    fields.prepend(intro);
  }
  refill(form);
  say("");
  working(false);
  if (!dialog.open) dialog.showModal();
  fields.scrollTop = 0;
  (fields.querySelector("input, textarea, select") ?? submit).focus();
}

function fieldElement(field) {
  const group = field.kind === "many" || (field.kind === "one" && field.options.length <= 8);
  const element = make(group ? "fieldset" : "div", { className: "field" });
  element.field = field;
  const id = `field-${field.name}`;
  const label = make(group ? "legend" : "label", { dir: "auto" }, field.label);
  if (!group) label.htmlFor = id;
  element.append(label);
  if (field.hint) element.append(make("p", { className: "hint", id: `${id}-hint`, dir: "auto" }, field.hint));
  element.append(group ? picksElement(field) : inputElement(field, id));
  element.append(make("p", { className: "fault", id: `${id}-fault`, hidden: true }));
  for (const input of inputs(element)) input.setAttribute("aria-describedby", `${id}-hint ${id}-fault`);
  element.addEventListener("input", () => {
    blame(element, "");
    counted(element);
    keep();
  });
  return element;
}

function inputElement(field, id) {
  const common = { id, name: field.name, dir: "auto", required: field.required };
  if (field.kind === "text") return make("textarea", { ...common, rows: 3, value: field.value });
  if (field.kind === "one") {
    const select = make("select", common, ...field.options.map((o) => make("option", { value: o.value }, o.label)));
    select.value = field.value;
    return select;
  }
  const input = make("input", { ...common, type: NATIVE[field.kind], value: field.value, autocomplete: "off" });
  if (field.kind === "number") input.step = "any";
  return input;
}

function picksElement(field) {
  const many = field.kind === "many";
  const chosen = many ? [field.value].flat().filter(Boolean) : [field.value];
  const short = !many && field.options.every((o) => o.label.length <= SHORT);
  const list = make("div", { className: short ? "picks short" : "picks" });
  for (const option of field.options) {
    const type = many ? "checkbox" : "radio";
    const input = make("input", { type, name: field.name, value: option.value, checked: chosen.includes(option.value) });
    list.append(make("label", { className: "pick" }, input, make("span", { dir: "auto" }, option.label)));
  }
  // "Nothing" and something exclude each other.
  if (many) list.addEventListener("change", ({ target }) => {
    if (!target.checked) return;
    for (const other of list.querySelectorAll("input")) {
      if (other !== target && (target.value === "" || other.value === "")) other.checked = false;
    }
  });
  return list;
}

const inputs = (element) => [...element.querySelectorAll("input, textarea, select")];

function valueOf(element) {
  const all = inputs(element);
  if (element.field.kind === "many") return all.filter((i) => i.checked).map((i) => i.value).filter(Boolean);
  if (all[0]?.type === "radio") return all.find((i) => i.checked)?.value ?? "";
  return all[0].value;
}

function setValue(element, value) {
  for (const input of inputs(element)) {
    if (input.type === "checkbox") input.checked = value.includes(input.value);
    else if (input.type === "radio") input.checked = input.value === value;
    else input.value = value;
  }
}

/** The sentence that stands beside a field as it is now; "" when it can be handed in. */
function faultOf(element) {
  const { field } = element;
  const value = valueOf(element);
  const all = inputs(element);
  const over = typeof value === "string" ? value.length - Math.min(field.most, start.most.text) : 0;
  if (over > 0) return t("field_too_long", { over: grouped(over), most: grouped(field.most) });
  if (field.kind === "number" && all[0].validity.badInput) return t("not_a_number");
  if (!field.required) return "";
  if (field.kind === "many") return all.some((i) => i.checked) ? "" : t("tick_one");
  if (all[0].type === "radio") return all.some((i) => i.checked) ? "" : t("choose");
  return value.trim() ? "" : t("required");
}

function blame(element, sentence) {
  const place = element.querySelector(":scope > .fault");
  place.textContent = sentence;
  place.hidden = !sentence;
  for (const input of inputs(element)) {
    if (sentence) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

function counted(element) {
  const value = valueOf(element);
  if (typeof value === "string" && value.length > element.field.most) blame(element, faultOf(element));
}

const elements = () => [...fields.querySelectorAll(":scope > .field")];

function blameAll(faultFor) {
  const wrong = elements().filter((element) => {
    const sentence = faultFor(element);
    blame(element, sentence);
    return sentence;
  });
  if (wrong.length) {
    wrong[0].scrollIntoView({ block: "nearest" });
    inputs(wrong[0])[0].focus();
  }
  return wrong.length;
}

// What was changed and not handed in, by the sentence that the form says.
const kept = (form) => `paceline form ${form.says}`;

function keep() {
  const changed = {};
  for (const element of elements()) {
    const value = valueOf(element);
    if (JSON.stringify(value) !== JSON.stringify(element.first)) changed[element.field.name] = value;
  }
  sessionStorage.setItem(kept(now.form), JSON.stringify(changed));
}

function refill(form) {
  const typed = JSON.parse(sessionStorage.getItem(kept(form)) ?? "{}");
  for (const element of elements()) {
    element.first = valueOf(element);
    if (element.field.name in typed) setValue(element, typed[element.field.name]);
  }
}

function say(sentence, place = fault) {
  for (const each of [fault, progress]) {
    each.textContent = each === place ? sentence : "";
    each.hidden = !each.textContent;
  }
}

function working(busy) {
  now.sending = busy;
  submit.setAttribute("aria-disabled", String(busy));
  submit.textContent = busy ? t("sending") : now.form.submit;
}

sheet.addEventListener("submit", async (event) => {
  event.preventDefault();
  const mine = now;
  if (mine.sending || blameAll(faultOf)) return;
  const answers = Object.fromEntries(elements().map((element) => [element.field.name, valueOf(element)]));
  say("");
  working(true);
  try {
    const next = await mine.send(answers, () => mine === now && say(t("retrying"), progress));
    sessionStorage.removeItem(kept(mine.form));
    if (mine !== now) return;
    if (next) openForm(next.form, next.send);
    else close();
  } catch (error) {
    if (mine !== now) return;
    working(false);
    const faults = (error instanceof Refused && error.faults) || {};
    const shown = blameAll((element) => faults[element.field.name] ?? "");
    say(shown ? "" : error.message);
  }
});

// Enter in a line hands the form in, as everywhere; in a text it is a new line, and Ctrl or ⌘ with it hands in.
sheet.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  sheet.requestSubmit();
});

function close() {
  dialog.close();
}

dialog.addEventListener("close", () => {
  const back = now?.back;
  now = null;
  if (back?.isConnected) back.focus();
});
dialog.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", close));
