// Where one writes: text, files, a menu of commands after a slash, and changing what one said.
import { Refused, upload } from "./api.js";
import { grouped, make, newId, start, t } from "./start.js";

const MANY = 10;

export class Composer {
  constructor(pane, say) {
    this.pane = pane;
    this.say = say;
    this.part = (name) => pane.element.querySelector(name);
    this.form = this.part(".composer");
    this.text = this.part(".composer .text");
    this.uploads = [];
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("paste", (event) => this.pasted(event));
    this.part("[data-cancel]").addEventListener("click", () => this.stopEditing());
    this.part(".attach").addEventListener("click", () => this.part(".chooser").click());
    this.part(".chooser").addEventListener("change", ({ target }) => {
      this.attach([...target.files]);
      target.value = "";
    });
    this.commands = this.part(".composer .commands");
    this.commands.addEventListener("mousedown", (event) => {
      event.preventDefault(); // keeps the focus in the text
      const row = event.target.closest("[role=option]");
      if (row) this.choose(row);
    });
    this.dropping();
  }

  get draft() {
    return `paceline draft ${this.chat.id} ${this.thread ?? ""}`;
  }

  open(chat, thread) {
    this.chat = chat;
    this.thread = thread;
    this.editing = null;
    this.uploads = [];
    this.showUploads();
    this.part(".editing").hidden = true;
    this.text.value = sessionStorage.getItem(this.draft) ?? "";
    const words = thread ? t("reply") : chat.kind === "bot" ? t("write_bot") : t("write_to", { name: chat.name });
    this.text.placeholder = words;
    this.text.setAttribute("aria-label", words);
    this.changed();
  }

  changed() {
    if (!this.editing) sessionStorage.setItem(this.draft, this.text.value);
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    const over = this.text.value.length - start.most.text;
    this.blame(over > 0 ? t("too_long", { over: grouped(over), most: grouped(start.most.text) }) : "");
    this.part(".send").disabled = over > 0 || this.busy() || (!this.text.value.trim() && !this.uploads.length);
    this.showCommands();
  }

  busy() {
    return this.uploads.some((each) => !each.id);
  }

  blame(sentence) {
    const place = this.part(".composer .fault");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // Enter ends a Chinese word here, not the message
    if (!this.commands.hidden && this.keyInCommands(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.editing) {
      event.stopPropagation();
      this.stopEditing();
    } else if (event.key === "ArrowUp" && !this.text.value) {
      const mine = [...this.pane.held.values()].filter((message) => message.mine).sort((a, b) => b.id - a.id)[0];
      if (mine) {
        event.preventDefault();
        this.edit(mine);
      }
    }
  }

  send() {
    if (this.part(".send").disabled) return;
    const text = this.text.value;
    const said = this.editing
      ? { id: newId(), how: "edit", message: this.editing.id, text }
      : { id: newId(), how: "typed", text, files: this.uploads.map((each) => each.id) };
    const attached = this.uploads;
    if (this.editing) this.stopEditing();
    this.text.value = "";
    this.uploads = [];
    this.showUploads();
    this.changed();
    this.say(this.pane, { ...said, chat: this.chat.id, thread: this.thread }, attached);
  }

  /** Gives back what could not be taken, unless something new was begun. */
  restore(said, attached, sentence) {
    if (said.chat !== this.chat.id || said.thread !== this.thread || this.text.value) return;
    if (said.how === "edit") this.edit(this.pane.held.get(said.message));
    this.text.value = said.text;
    this.uploads = attached;
    this.showUploads();
    this.changed();
    this.blame(sentence);
  }

  edit(message) {
    if (!message) return;
    this.editing = message;
    this.part(".editing").hidden = false;
    this.text.value = message.text;
    this.changed();
    this.text.focus();
  }

  stopEditing() {
    this.editing = null;
    this.part(".editing").hidden = true;
    this.text.value = sessionStorage.getItem(this.draft) ?? "";
    this.changed();
    this.text.focus();
  }

  // commands

  showCommands() {
    const typed = this.text.value;
    const found = /^\/\S*$/.test(typed) && !this.editing
      ? start.commands.filter(({ says }) => says.startsWith(typed.toLowerCase()))
      : [];
    this.commands.hidden = found.length === 0 || this.dismissed === typed;
    this.commands.replaceChildren(...found.map(({ says, does }, at) => {
      const row = make("div", { id: `command-${at}` }, make("b", {}, says), make("span", {}, does));
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(at === 0));
      row.says = says;
      return row;
    }));
  }

  keyInCommands(event) {
    const rows = [...this.commands.children];
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      rows[at].setAttribute("aria-selected", "false");
      const next = rows[(at + step + rows.length) % rows.length];
      next.setAttribute("aria-selected", "true");
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Tab" || (event.key === "Enter" && rows[at].says !== this.text.value.trim())) {
      this.choose(rows[at]);
    } else if (event.key === "Escape") {
      this.dismissed = this.text.value;
      this.commands.hidden = true;
      event.stopPropagation();
    } else return false;
    event.preventDefault();
    return true;
  }

  choose(row) {
    this.text.value = `${row.says} `;
    this.changed();
    this.text.focus();
  }

  // files

  attach(files) {
    for (const file of files) {
      if (this.uploads.length >= MANY) return this.blame(t("many_files"));
      if (file.size > start.most.bytes) this.blame(t("too_large", { name: file.name }));
      else this.uploadOne(file);
    }
  }

  async uploadOne(file) {
    const mine = { name: file.name };
    const list = this.uploads;
    list.push(mine);
    this.showUploads();
    this.changed();
    try {
      Object.assign(mine, await upload(this.chat.id, file));
    } catch (error) {
      list.splice(list.indexOf(mine), 1);
      if (list === this.uploads) this.failed(error, file.name);
      return;
    }
    if (list === this.uploads) {
      this.showUploads();
      this.changed();
    }
  }

  failed(error, name) {
    this.showUploads();
    this.changed();
    const large = error instanceof Refused && error.status === 413;
    const said = error instanceof Refused && error.status === 422 ? error.message : "";
    this.blame(said || t(large ? "too_large" : "not_uploaded", { name }));
  }

  showUploads() {
    const place = this.part(".composer .uploads");
    place.hidden = this.uploads.length === 0;
    place.replaceChildren(...this.uploads.map((each) => {
      const words = each.id ? `${each.name} · ${each.size}` : t("uploading", { name: each.name });
      const remove = make("button", { className: "quiet", type: "button", ariaLabel: t("remove", { name: each.name }) }, "×");
      remove.addEventListener("click", () => {
        this.uploads.splice(this.uploads.indexOf(each), 1);
        this.showUploads();
        this.changed();
      });
      return make("li", { dir: "auto" }, words, remove);
    }));
  }

  pasted(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  dropping() {
    const { element } = this.pane;
    const veil = this.part(".drop");
    const brings = (event) => event.dataTransfer?.types.includes("Files");
    element.addEventListener("dragover", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      veil.hidden = false;
    });
    element.addEventListener("dragleave", (event) => {
      if (!element.contains(event.relatedTarget)) veil.hidden = true;
    });
    element.addEventListener("drop", (event) => {
      if (!brings(event)) return;
      event.preventDefault();
      veil.hidden = true;
      this.attach([...event.dataTransfer.files]);
    });
  }
}
