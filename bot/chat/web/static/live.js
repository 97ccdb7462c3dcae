// What changes on the server comes as events; the browser reconnects by itself and says what it saw last.
import { start, t } from "./start.js";

const PATIENCE = 2500; // milliseconds without connection before a word is said about it

/** Calls `take(message)` for each new or changed message. */
export function listen(take) {
  const sign = document.getElementById("connection");
  let last = start.seq;
  let timer = null;

  const here = () => {
    clearTimeout(timer);
    timer = null;
    sign.hidden = true;
  };
  const away = () => {
    timer ??= setTimeout(() => {
      sign.textContent = t("offline");
      sign.hidden = false;
    }, PATIENCE);
  };
  const connect = () => {
    const source = new EventSource(`/chat/events?after=${last}`);
    source.addEventListener("open", here);
    source.addEventListener("message", (event) => {
      last = Math.max(last, Number(event.lastEventId));
      take(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      away();
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, 2000); // a proxy, or the sign-in page, answered: not what a browser tries again
      fetch("/chat/list", { headers: { Accept: "application/json" } }).then(
        (answer) => answer.status === 401 && window.location.assign("/sign-in"),
        () => {},
      );
    });
  };
  connect();
}
