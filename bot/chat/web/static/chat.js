// The chat page: the list of chats, the talk, a thread beside it, and what is sent from them.
import { Refused, Unreachable, get, post } from "./api.js";
import { findBy } from "./finder.js";
import { openForm } from "./form.js";
import { listen } from "./live.js";
import { Pane } from "./pane.js";
import { make, me, newId, start, t, toast } from "./start.js";

const panes = document.getElementById("panes");
const talk = new Pane(document.getElementById("main"), { act, say, ask });
const thread = new Pane(document.getElementById("thread"), { act, say, ask });
const SIGNS = { bot: "", team: "#", direct: "" };
const phone = window.matchMedia("(max-width: 640px)");
let chats = start.chats;

// what is sent

async function say(pane, said, attached) {
  const isNew = said.how === "typed";
  const kind = pane.chat?.kind;
  const commands = said.text.startsWith("/") && kind !== "bot";
  const shown = {
    id: 0, seq: 0, chat: said.chat, thread: said.thread, author: me.id, name: me.name, mine: true, client: said.id,
    at: new Date().toISOString(), text: said.text, buttons: [], files: attached, replies: 0, replies_label: "",
  };
  const mine = () => pane.chat?.id === said.chat && pane.thread === said.thread;
  const state = (...words) => isNew && !commands && mine() && pane.hold(shown, ...words);
  state();
  if (kind === "bot" || commands) pane.waiting(true);
  try {
    const answer = await post("/chat/say", said, { onRetry: () => state(t("retrying")) });
    if (answer.form) open(answer.form, said);
  } catch (error) {
    if (mine()) pane.waiting(false);
    if (error instanceof Unreachable) return isNew && mine() ? state(t("not_sent"), () => say(pane, said, attached)) : toast(error.message);
    if (mine()) pane.drop(said.id);
    pane.composer.restore(said, attached, error.message);
    toast(error.message);
  }
}

async function act(pane, message, says) {
  const said = { id: newId(), chat: message.chat, thread: message.thread, how: "button", text: says, about: message.id };
  try {
    const answer = await post("/chat/say", said, { onRetry: () => toastOnce(t("retrying")) });
    if (answer.form) open(answer.form, said);
  } catch (error) {
    toast(error.message);
  }
}

/** Somebody's message is put to the bot, in one's own chat with it: there the answer comes. */
let asking = false;
async function ask(message) {
  if (asking) return;
  asking = true;
  const bot = chats.find((chat) => chat.kind === "bot").id;
  await go(`/chat/${bot}`);
  asking = false; // the button is out of sight by now
  say(talk, { id: newId(), chat: bot, thread: null, how: "typed", text: message.ask, files: [] }, []);
}

let told = 0;
function toastOnce(text) {
  if (Date.now() - told > 10_000) toast(text);
  told = Date.now();
}

/** A form is handed in as its own sentence; sending it again after a lost connection keeps the act's id. */
function open(form, from) {
  let last = null;
  openForm(form, async (answers, onRetry) => {
    const filled = JSON.stringify(answers);
    if (last?.filled !== filled) last = { filled, id: newId() };
    const about = Number(form.about) || undefined;
    const said = { id: last.id, chat: from.chat, thread: from.thread, how: "form", text: form.says, about, answers };
    try {
      const answer = await post("/chat/say", said, { onRetry });
      return answer.form ? formAfter(answer.form, from) : null;
    } catch (error) {
      if (error instanceof Refused) last = null; // it was heard and refused: the next try is another act
      throw error;
    }
  });
}

function formAfter(form, from) {
  queueMicrotask(() => open(form, from));
  return null;
}

// the list

function drawList() {
  const here = talk.chat?.id;
  for (const list of document.querySelectorAll(".chats")) {
    list.replaceChildren(...chats.filter((chat) => chat.kind === list.dataset.kind).map((chat) => lineOf(chat, here)));
  }
  document.getElementById("no-direct").hidden = chats.some((chat) => chat.kind === "direct");
  const count = chats.reduce((sum, chat) => sum + chat.unread, 0);
  document.title = `${count ? `(${count}) ` : ""}${talk.chat ? `${talk.chat.name} · ` : ""}Paceline`.replace("Paceline · Paceline", "Paceline");
}

function lineOf(chat, here) {
  const sign = chat.kind === "bot"
    ? make("img", { className: "mark", src: "/static/mark.svg", alt: "", width: 16, height: 16 })
    : make("span", { className: "sign", ariaHidden: "true" }, SIGNS[chat.kind]);
  const line = make("a", { href: `/chat/${chat.id}` }, sign, make("span", { className: "label", dir: "auto" }, chat.name));
  if (chat.id === here) line.setAttribute("aria-current", "page");
  if (chat.unread) {
    line.classList.add("unread");
    const shown = chat.unread > 99 ? "99+" : String(chat.unread);
    line.append(make("span", { className: "count", ariaLabel: t("unread", { n: chat.unread }) }, shown));
  }
  return make("li", {}, line);
}

let soon = null;
function refreshList() {
  soon ??= setTimeout(async () => {
    soon = null;
    const found = await get("/chat/list", {}).catch(() => null);
    if (!found) return;
    const focused = document.activeElement?.closest?.(".chats a")?.getAttribute("href");
    chats = found.chats;
    drawList();
    if (focused) document.querySelector(`.chats a[href="${focused}"]`)?.focus();
  }, 250);
}

// where one is

function readPath() {
  const [, , chat, root] = window.location.pathname.split("/");
  return { chat: chat || null, root: Number(root) || null };
}

async function show({ focus = true } = {}) {
  const { chat: id, root } = readPath();
  const wanted = id ?? (phone.matches ? null : chats[0].id);
  panes.classList.toggle("opened", wanted !== null);
  panes.classList.toggle("threaded", root !== null);
  thread.element.hidden = root === null;
  if (wanted === null) {
    talk.clear();
    drawList();
    return;
  }
  const chat = chats.find((each) => each.id === wanted) ?? { id: wanted, kind: "direct", name: names.get(wanted) ?? "", unread: 0 };
  const jobs = [];
  if (talk.chat?.id !== wanted) jobs.push(openTalk(chat));
  if (root === null) thread.clear();
  else if (thread.thread !== root || thread.chat?.id !== wanted) jobs.push(openThread(chat, root));
  drawList();
  if (focus && !phone.matches) (root ? thread : talk).composer.text.focus();
  await Promise.all(jobs).catch((error) => toast(error.message));
}

const names = new Map();

function openTalk(chat) {
  const head = talk.element.querySelector(".head");
  head.querySelector(".name").textContent = chat.name;
  head.querySelector(".about").textContent = t(`${chat.kind}_place`);
  return talk.open(chat);
}

function openThread(chat, root) {
  const head = thread.element.querySelector(".head");
  head.querySelector(".about").textContent = chat.name;
  head.querySelector(".back").href = `/chat/${chat.id}`;
  return thread.open(chat, root);
}

function go(path) {
  if (path !== window.location.pathname) history.pushState(null, "", path);
  return show();
}

function closeThread() {
  if (!thread.chat) return;
  go(`/chat/${thread.chat.id}`);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.target) return;
  const path = link.getAttribute("href") ?? "";
  if (!/^\/chat(\/(bot|team|direct)-[\d-]+(\/\d+)?)?$/.test(path) || link.closest(".bar")) return;
  event.preventDefault();
  go(path);
});
thread.element.querySelector(".close").addEventListener("click", closeThread);
thread.element.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && closeThread());
window.addEventListener("popstate", () => show({ focus: false }));
phone.addEventListener("change", () => show({ focus: false }));
document.addEventListener("read", refreshList);
document.addEventListener("visibilitychange", () => !document.hidden && talk.chat && talk.atEnd() && talk.caughtUp());

findBy(document.getElementById("find"), () => chats, (chat) => {
  names.set(chat.id, chat.name);
  go(`/chat/${chat.id}`);
});
listen((message) => {
  talk.take(message);
  thread.take(message);
  refreshList();
});
show();
