// Calls to the server. What changes something carries its own id and is sent until an answer comes.
import { t } from "./start.js";

/** The server's refusal: `error` is a sentence to show, `faults` sentences beside the fields of a form. */
export class Refused extends Error {
  constructor(status, said) {
    super(said.error || (said.faults ? Object.values(said.faults).join(" ") : t("failed")));
    this.status = status;
    this.faults = said.faults;
  }
}

/** No answer came, however often it was tried. */
export class Unreachable extends Error {
  constructor() {
    super(t("retrying"));
  }
}

const PATIENCE = 90_000; // milliseconds; by then one would rather decide oneself
const ONE_TRY = 30_000;
const AWAY = new Set([502, 503, 504]); // said by what stands before a server that is being restarted

async function once(path, options) {
  const response = await fetch(path, { ...options, headers: { Accept: "application/json", ...options.headers } });
  if (AWAY.has(response.status)) throw new TypeError("away");
  const said = await response.json().catch(() => ({}));
  if (response.status === 401) window.location.assign("/sign-in");
  if (!response.ok) throw new Refused(response.status, said);
  return said;
}

export function get(path, query) {
  return once(`${path}?${new URLSearchParams(query)}`, {});
}

/** Sends it, again and again while the connection is lost; `onRetry` hears of each time but the first. */
export async function post(path, data, { onRetry = () => {}, patience = PATIENCE } = {}) {
  const until = Date.now() + patience;
  const body = JSON.stringify(data);
  for (let pause = 400; ; pause = Math.min(pause * 2, 5000)) {
    try {
      const signal = AbortSignal.timeout(ONE_TRY);
      return await once(path, { method: "POST", body, signal, headers: { "Content-Type": "application/json" } });
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (Date.now() + pause > until) throw new Unreachable();
      onRetry();
      await new Promise((go) => setTimeout(go, pause));
    }
  }
}

export function upload(chat, file) {
  const body = new FormData();
  body.append("file", file, file.name);
  return once(`/chat/files?${new URLSearchParams({ chat })}`, { method: "POST", body });
}
