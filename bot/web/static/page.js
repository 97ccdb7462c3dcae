// The menu with one's name closes by Escape and by a click elsewhere, as menus do.
const me = document.querySelector("details.me");

if (me) {
  document.addEventListener("click", (event) => {
    if (!me.contains(event.target)) me.open = false;
  });
  me.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    me.open = false;
    me.querySelector("summary").focus();
  });
}

// On a narrow phone the bar's links scroll: the one that one is on is in sight.
document.querySelector(".links [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
