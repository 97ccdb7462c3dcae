// An item of the minutes leads to its lines: they are marked and come into sight; Escape leads back to the item.
// Without this script the same links jump to the same lines.
const panes = document.querySelector(".panes");
let came = null; // the link that led to the lines

function show(pane) {
  panes.dataset.shown = pane;
  for (const button of panes.querySelectorAll(".switch button")) {
    button.setAttribute("aria-pressed", String(button.dataset.pane === pane));
  }
}

function mark(link) {
  for (const old of panes.querySelectorAll(".on")) old.classList.remove("on");
  link.closest(".item")?.classList.add("on");
  const lines = link.dataset.lines.split(" ").map((i) => document.getElementById(`line-${i}`));
  for (const line of lines) line?.classList.add("on");
  return lines[0];
}

function open(link) {
  const line = mark(link);
  if (!line) return;
  came = link;
  show("transcript");
  history.replaceState(null, "", link.hash);
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
  bring(line);
}

// Beside the minutes the transcript scrolls in a pane of its own, and the page stays where it is.
function bring(line, again = true) {
  const pane = line.closest(".transcript");
  if (getComputedStyle(pane).overflowY === "auto") {
    const above = line.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += above - pane.clientHeight / 3;
  } else {
    line.scrollIntoView({ block: "center" });
  }
  // what was not laid out yet had only an estimated height: once it is, the line may have moved
  if (again) requestAnimationFrame(() => bring(line, false));
}

function back() {
  show("minutes");
  came.focus({ preventScroll: true });
  came.closest(".item, .topic")?.scrollIntoView({ block: "nearest" });
  came = null;
}

if (panes) {
  panes.querySelector(".switch").hidden = false;
  if (location.hash.startsWith("#line-")) {
    show("transcript");
    const line = document.getElementById(location.hash.slice(1));
    if (line) bring(line);
  }
  panes.addEventListener("click", (event) => {
    const pane = event.target.closest(".switch button")?.dataset.pane;
    if (pane) show(pane);
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("form, summary, a:not(.cite)")) return;
    const link = event.target.closest(".cite") ?? event.target.closest(".item")?.querySelector(".cite");
    if (!link || !getSelection().isCollapsed) return;
    event.preventDefault();
    open(link);
  });
  panes.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && came && event.target.closest(".transcript")) back();
  });
}
