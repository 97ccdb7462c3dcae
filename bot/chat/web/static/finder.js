// Find a chat, or somebody to write to, by a few letters.
import { get } from "./api.js";
import { make, t } from "./start.js";

const dialog = document.getElementById("finder");
const input = dialog.querySelector("input");
const list = document.getElementById("found");

/** Opens by its button and by Ctrl or ⌘ with K; `open(chat)` is called with what was chosen. */
export function findBy(opener, chats, open) {
  let asked = 0;

  const show = async () => {
    const mine = ++asked;
    const like = input.value.trim().toLowerCase();
    const { people } = await get("/chat/people", { like }).catch(() => ({ people: [] }));
    if (mine !== asked) return;
    const known = chats().filter((chat) => chat.kind !== "direct" && chat.name.toLowerCase().includes(like));
    const found = [...known.map((chat) => ({ ...chat, team: t(`${chat.kind}_place`) })), ...people.map((p) => ({ ...p, kind: "direct" }))];
    list.replaceChildren(...found.map(row));
    if (found.length) list.firstElementChild.setAttribute("aria-selected", "true");
    else list.append(make("li", { className: "nobody" }, t("nobody")));
    point();
  };

  const row = (chat, at) => {
    const element = make("li", { id: `found-${at}` }, make("span", { dir: "auto" }, chat.name), make("span", { className: "soft" }, chat.team));
    element.setAttribute("role", "option");
    element.addEventListener("click", () => choose(chat));
    element.chat = chat;
    return element;
  };

  const choose = (chat) => {
    dialog.close();
    open(chat);
  };

  const chosen = () => list.querySelector('[aria-selected="true"]');
  const point = () => input.setAttribute("aria-activedescendant", chosen()?.id ?? "");

  const launch = () => {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    show();
  };

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && !event.isComposing && chosen()) {
      event.preventDefault();
      choose(chosen().chat);
    } else if (step && chosen()) {
      event.preventDefault();
      const rows = [...list.children];
      const next = rows[(rows.indexOf(chosen()) + step + rows.length) % rows.length];
      chosen().removeAttribute("aria-selected");
      next.setAttribute("aria-selected", "true");
      next.scrollIntoView({ block: "nearest" });
      point();
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  opener.addEventListener("click", launch);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    launch();
  });
}
