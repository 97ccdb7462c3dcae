// Times as the reader's roster zone has them, days as they are written elsewhere: Thu 11 Jun, 6月11日 周四.
import { me, t } from "./start.js";

const chinese = me.language === "zh";
const clockIn = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: me.zone });
const dateIn = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: me.zone });
const partsIn = new Intl.DateTimeFormat(chinese ? "zh-CN" : "en-GB", {
  weekday: "short", day: "numeric", month: chinese ? "numeric" : "short", timeZone: me.zone,
});

export const clock = (at) => clockIn.format(at);

/** A day as a word that sorts and compares: 2026-06-11. */
export const dayKey = (at) => dateIn.format(at);

export function day(at) {
  const now = new Date();
  if (dayKey(at) === dayKey(now)) return t("today");
  if (dayKey(at) === dayKey(new Date(now - 86_400_000))) return t("yesterday");
  const part = Object.fromEntries(partsIn.formatToParts(at).map(({ type, value }) => [type, value]));
  return chinese ? `${part.month}月${part.day}日 ${part.weekday}` : `${part.weekday} ${part.day} ${part.month}`;
}
