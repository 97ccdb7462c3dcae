// One pane: the messages of a chat or of one thread, kept at their end while they come in, and the composer below.
import { get, post } from "./api.js";
import { Composer } from "./composer.js";
import { messageElement, showBusy } from "./message.js";
import { copy, make, t } from "./start.js";
import { day, dayKey } from "./when.js";

const NEAR = 80; // pixels from the end at which one still follows what comes
const TOGETHER = 5 * 60_000; // milliseconds in which messages of one writer stand under one name
const ANSWER = 8000; // milliseconds after which nobody waits for words any more

export class Pane {
  /** `act(pane, message, says)` presses a button, `say(pane, draft)` sends what was written, `ask(message)` asks the
   * bot what to say to a message. */
  constructor(element, { act, say, ask }) {
    this.element = element;
    this.act = act;
    this.ask = ask;
    element.append(copy("pane-template"));
    this.part = (name) => element.querySelector(name);
    this.list = this.part(".messages");
    this.scroll = this.part(".scroll");
    this.composer = new Composer(this, say);
    this.part(".earlier").addEventListener("click", () => this.earlier());
    this.part(".newer").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => this.atEnd() && this.caughtUp());
    this.list.addEventListener("click", (event) => this.tool(event));
    new ResizeObserver(() => this.follows && this.toEnd()).observe(this.part(".inner"));
    this.clear();
  }

  clear() {
    this.chat = null;
    this.thread = null;
    this.held = new Map();
    this.pending = new Map();
    this.list.replaceChildren();
    this.part(".root").replaceChildren();
    this.follows = true;
  }

  /** Show a chat ({id, kind, name}), or the thread under one of its messages. */
  async open(chat, thread = null) {
    this.clear();
    this.chat = chat;
    this.thread = thread;
    this.part(".loading").hidden = false;
    this.part(".empty").hidden = true;
    this.waiting(false);
    this.composer.open(chat, thread);
    const found = await get("/chat/history", { chat: chat.id, thread: thread ?? "" });
    if (this.chat !== chat || this.thread !== thread) return;
    this.part(".loading").hidden = true;
    if (found.root) this.showRoot(found.root);
    this.seen = found.read;
    found.messages.forEach((message) => this.held.set(message.id, message));
    this.part(".earlier").hidden = !found.more;
    this.draw();
    this.toEnd();
  }

  async earlier() {
    const first = Math.min(...this.held.keys());
    const found = await get("/chat/history", { chat: this.chat.id, thread: this.thread ?? "", before: first });
    const was = this.scroll.scrollHeight;
    this.follows = false;
    found.messages.forEach((message) => this.held.set(message.id, message));
    this.part(".earlier").hidden = !found.more;
    this.draw();
    this.scroll.scrollTop += this.scroll.scrollHeight - was;
  }

  /** A message is new, or changed. */
  take(message) {
    if (message.chat !== this.chat?.id) return;
    if (this.thread !== null && message.id === this.thread) this.showRoot(message);
    if (message.thread !== this.thread) return;
    const known = this.held.get(message.id);
    if (known && known.seq >= message.seq) return;
    const first = Math.min(...this.held.keys());
    if (!known && !this.part(".earlier").hidden && message.id < first) return; // stands further up, not loaded yet
    this.held.set(message.id, message);
    if (message.client) this.pending.delete(message.client);
    if (!known && message.author === null) this.waiting(false);
    const follows = this.atEnd() || message.mine;
    this.draw();
    if (follows && !known) this.toEnd();
    else if (!known) this.part(".newer").hidden = false;
  }

  showRoot(message) {
    const element = messageElement(message, this.calls(message));
    element.classList.add("first");
    showBusy(element);
    this.part(".root").replaceChildren(element);
  }

  calls(message) {
    const act = (pressed, says) => this.act(this, pressed, says);
    return { act, ask: this.ask, href: `/chat/${message.chat}/${message.id}` };
  }

  /** Put the list in order; elements of messages that did not change stay, so that focus and menus do. */
  draw() {
    const old = new Map([...this.list.children].filter((e) => e.message).map((e) => [e.message.client ?? e.message.id, e]));
    const wanted = [];
    let before = null;
    let fresh = false;
    const all = [...[...this.held.values()].sort((a, b) => a.id - b.id), ...this.pending.values()];
    for (const message of all) {
      const at = new Date(message.at);
      const newDay = !before || dayKey(at) !== dayKey(new Date(before.at));
      if (newDay && this.thread === null) wanted.push(make("li", { className: "day" }, day(at)));
      const isFresh = !fresh && this.seen > 0 && message.id > this.seen && !message.mine && this.thread === null;
      if (isFresh) wanted.push(make("li", { className: "fresh" }, t("new")));
      fresh ||= isFresh;
      const element = this.elementOf(message, old.get(message.client ?? message.id));
      const apart = newDay || isFresh || before.author !== message.author || at - new Date(before.at) > TOGETHER;
      element.classList.toggle("first", apart);
      wanted.push(element);
      before = message;
    }
    this.arrange(wanted);
    const empty = this.part(".empty");
    empty.hidden = wanted.length > 0;
    empty.textContent = t(this.thread ? "empty_thread" : `empty_${this.chat.kind}`, { name: this.chat.name });
  }

  elementOf(message, old) {
    if (old && old.message === message) return old;
    const element = messageElement(message, this.calls(message));
    showBusy(element);
    if (message.pending) this.showPending(element, message);
    const focused = old?.contains(document.activeElement) ? [...old.querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
    if (focused >= 0) queueMicrotask(() => element.querySelectorAll("button, a")[focused]?.focus());
    return element;
  }

  arrange(wanted) {
    const keep = new Set(wanted);
    [...this.list.children].forEach((element) => keep.has(element) || element.remove());
    wanted.forEach((element, at) => {
      if (this.list.children[at] !== element) this.list.insertBefore(element, this.list.children[at] ?? null);
    });
  }

  /** What is being sent stands in the list at once; `state` says how it goes, `again` sends it once more. */
  hold(message, state = t("sending"), again = null) {
    if ([...this.held.values()].some((known) => known.client === message.client)) return; // it is there; only its answer was lost
    this.pending.set(message.client, { ...message, pending: { state, again } });
    this.draw();
    this.toEnd();
  }

  drop(client) {
    if (this.pending.delete(client)) this.draw();
  }

  showPending(element, message) {
    element.classList.add("pending");
    element.querySelector(".tools").remove();
    const state = element.querySelector(".state");
    state.hidden = false;
    state.append(message.pending.state);
    if (!message.pending.again) return;
    state.classList.add("failed");
    const again = make("button", { className: "quiet", type: "button" }, t("again"));
    again.addEventListener("click", message.pending.again);
    state.append(again);
  }

  tool(event) {
    const item = event.target.closest(".message");
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what === "edit") this.composer.edit(item.message);
    if (what === "reply") item.querySelector(".replies").click();
    if (what || !item) return;
    this.list.querySelectorAll(".picked").forEach((other) => other.classList.remove("picked"));
    item.classList.add("picked");
  }

  /** Says that the bot is at it; ends with its words, or after a while. */
  waiting(on) {
    clearTimeout(this.timer);
    const place = this.part(".inner > .progress");
    place.textContent = on ? t("answering") : "";
    place.hidden = !on;
    if (on) this.timer = setTimeout(() => this.waiting(false), ANSWER);
  }

  atEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.caughtUp();
  }

  /** Whoever sees the end of a chat has read it. */
  caughtUp() {
    this.follows = true;
    this.part(".newer").hidden = true;
    const newest = Math.max(0, ...this.held.keys());
    if (!this.chat || this.thread !== null || document.hidden || newest <= Math.max(this.seen, this.told ?? 0)) return;
    this.told = newest;
    post("/chat/read", { chat: this.chat.id, upto: newest }, { patience: 0 }).then(
      () => document.dispatchEvent(new CustomEvent("read")),
      () => (this.told = 0),
    );
  }
}
