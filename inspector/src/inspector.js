// Draws what the server tells of a page, and leaves it in the browser's performance timeline.
// Data blocks arrive with the shell and with each flush; whatever is here takes itself out of the
// document again.

// The page, as far as it is known. Times are the server's, in ms since its request.
const known = { waits: [], boundaries: new Map(), hints: [], omitted: 0 };
// What has to be added to a time of the server for one of the page.
let offset = 0;
// "open" while more is to come, "done" at the end, "cut" when nothing more comes.
let state = "open";

const script = document.currentScript;
const place = script.parentNode;
script.remove();

// ---- Learning ----

const arrivals = new MutationObserver(take);
arrivals.observe(place, { childList: true });
document.addEventListener("DOMContentLoaded", () => {
  take();
  if (state !== "done") end("cut");
});

// Takes the data blocks that are complete.
function take() {
  for (const block of place.querySelectorAll("script[data-anabranch]")) {
    let news;
    try {
      news = JSON.parse(block.textContent);
    } catch {
      // No part of an object is an object: the rest is still on its way.
      arrivals.observe(block, { childList: true, characterData: true, subtree: true });
      continue;
    }
    block.remove();
    learn(news);
  }
  if (state !== "done") listen();
}

// Chromium tells a page nothing of a response that was cut. The bridge has a notice for it, which it
// takes away again if more comes.
function listen() {
  const now = place.querySelector(":scope > mark[role=alert]") ? "cut" : "open";
  if (now === state) return;
  state = now;
  draw();
}

function learn(news) {
  if ("committed" in news) commit(news);
  for (const told of news.boundaries ?? []) {
    const boundary = known.boundaries.get(told.id) ?? {};
    known.boundaries.set(told.id, boundary);
    const before = { ...boundary };
    Object.assign(boundary, told);
    leave(boundary, before);
  }
  known.omitted = news.omitted ?? known.omitted;
  known.hints = news.hints ?? known.hints;
  known.finished = news.finished;
  if ("finished" in news) end("done");
  draw();
}

// The time on the wire is taken to be the same both ways.
function commit({ committed, waits = [] }) {
  Object.assign(known, { committed, waits });
  const [visit] = performance.getEntriesByType("navigation");
  const asked = visit?.requestStart ?? 0;
  const answered = visit?.responseStart || performance.now();
  offset = Math.max(asked, (asked + answered - committed) / 2, 0);
  measure("shell", 0, committed, "Before the shell", "tertiary", { shell: { committed } });
  for (const wait of waits) {
    const name = `${wait.place} ${wait.what}`;
    measure(name, wait.from, wait.to, "Before the shell", "secondary", { span: wait });
  }
}

function end(how) {
  state = how;
  arrivals.disconnect();
  clearInterval(clock);
  draw();
}

// ---- The performance timeline ----

const COLORS = { complete: "primary", cancelled: "secondary-light" };

// Leaves what is new about a boundary.
function leave(boundary, before) {
  const isNew = key => key in boundary && !(key in before);
  for (const key of ["started", "shown"]) {
    if (isNew(key)) mark(boundary.name, key, offset + boundary[key]);
  }
  if (isNew("sent")) {
    // Its patch stands before the block that tells of it.
    boundary.swapped = performance.now();
    mark(boundary.name, "swapped", boundary.swapped);
  }
  if (isNew("end")) {
    mark(boundary.name, "complete", offset + boundary.end);
    const start = boundary.started ?? boundary.rendered;
    const color = COLORS[boundary.outcome] ?? "error";
    measure(boundary.name, start, boundary.end, "Boundaries", color, { boundary });
  }
}

function mark(name, what, startTime) {
  performance.mark(`anabranch:${name} ${what}`, { startTime });
}

function measure(name, from, to, track, color, detail) {
  const facts = Object.values(detail)[0];
  const devtools = {
    dataType: "track-entry",
    track,
    trackGroup: "Anabranch",
    color,
    tooltipText: facts.place ? `${name} (${facts.place})` : name,
    properties: Object.entries(facts).map(([key, value]) => [key, String(value)]),
  };
  performance.measure(`anabranch:${name}`, {
    start: offset + from,
    end: offset + to,
    detail: { ...detail, offset, devtools },
  });
}

// Marks what the page itself has put under element timing by a boundary's name.
if (PerformanceObserver.supportedEntryTypes.includes("element")) {
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      for (const boundary of known.boundaries.values()) {
        if (boundary.name !== entry.identifier || boundary.painted) continue;
        boundary.painted = entry.renderTime || entry.startTime;
        mark(boundary.name, "painted", boundary.painted);
      }
    }
  }).observe({ type: "element", buffered: true });
}

// ---- The overlay ----

const MOST_ROWS = 200;
const SHORTEST_WAIT = 1;
const KEY = "anabranch-inspector";

const host = document.createElement("anabranch-inspector");
const root = host.attachShadow({ mode: "closed", delegatesFocus: true });
const style = new CSSStyleSheet();
style.replaceSync(css);
root.adoptedStyleSheets = [style];

const badge = make("button", { className: "badge", type: "button" });
badge.setAttribute("aria-controls", "panel");
const panel = make("section", { id: "panel", className: "panel" });
panel.setAttribute("aria-label", "How this page was sent");
const title = make("h2");
const dismiss = make("button", { className: "dismiss", type: "button" }, "Dismiss");
dismiss.title = "Hide the inspector until the page is loaded again";
// It scrolls, so it has to be reached by keyboard.
const scroll = make("div", { className: "scroll", tabIndex: 0 });
scroll.setAttribute("role", "group");
scroll.setAttribute("aria-label", "Waterfall and hints");
panel.append(make("header", {}, title, dismiss), scroll);
root.append(make("div", { className: "corner" }, panel, badge));

badge.addEventListener("click", () => show(panel.hidden));
dismiss.addEventListener("click", () => {
  host.remove();
  clearInterval(clock);
});
host.addEventListener("keydown", event => {
  if (event.key === "Escape" && !panel.hidden) {
    event.stopPropagation();
    show(false);
    badge.focus();
  }
});

// What runs grows while somebody looks.
const clock = setInterval(() => {
  if (state === "open" && !panel.hidden) draw();
}, 250);

show(remembered() === "open");
take();
document.documentElement.append(host);

function show(open) {
  panel.hidden = !open;
  host.toggleAttribute("open", open);
  badge.setAttribute("aria-expanded", open);
  remember(open ? "open" : "closed");
  draw();
}

// A page may be denied a storage.
function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(value) {
  try {
    sessionStorage.setItem(KEY, value);
  } catch {}
}

function draw() {
  const total = span();
  host.dataset.state = state;
  badge.replaceChildren(summary(), ...(known.hints.length ? [hintCount()] : []));
  if (panel.hidden) return;
  title.textContent = location.pathname;
  const parts = [rows(total), legend()];
  if (known.hints.length) parts.push(make("h3", {}, "Hints"), hints());
  const { scrollTop } = scroll;
  scroll.replaceChildren(...parts);
  scroll.scrollTop = scrollTop;
}

function summary() {
  const count = known.boundaries.size + known.omitted;
  const parts = ["committed" in known ? `shell ${time(known.committed)}` : "waiting for the shell"];
  parts.push(count === 1 ? "1 boundary" : `${count} boundaries`);
  if (state === "done") parts.push(time(known.finished));
  if (state === "cut") parts.push("cut");
  return parts.join(" · ");
}

function hintCount() {
  const { length } = known.hints;
  return make("span", { className: "count" }, length === 1 ? "1 hint" : `${length} hints`);
}

// What the width of the waterfall stands for, in ms.
function span() {
  const now = state === "open" ? performance.now() - offset : 0;
  const times = all().flatMap(({ rendered, end = 0, sent = 0 }) => [rendered, end, sent]);
  return Math.max(1, now, known.committed ?? 0, known.finished ?? 0, ...times);
}

function all() {
  return [...known.boundaries.values()];
}

// Each boundary behind the one that rendered it.
function nested() {
  const children = Map.groupBy(all(), ({ parent }) => parent);
  const below = (parent, depth) => (children.get(parent) ?? [])
    .flatMap(boundary => [{ ...boundary, depth }, ...below(boundary.id, depth + 1)]);
  return below(0, 0);
}

function rows(total) {
  const list = make("ol", { className: "rows" }, axis(total));
  const waits = known.waits.filter(({ from, to }) => to - from >= SHORTEST_WAIT);
  for (const { what, place, from, to } of waits) {
    const track = make("span", { className: "track" }, bar("wait", from, to, total));
    list.append(row(place, what, 0, track, time(to - from), `${place}: ${what}, from ${time(from)}`));
  }
  const quick = known.waits.length - waits.length;
  if (quick > 0) list.append(note(`${quick} waits before the shell took less than 1 ms`));
  const boundaries = nested();
  for (const boundary of boundaries.slice(0, MOST_ROWS)) list.append(boundaryRow(boundary, total));
  const more = boundaries.length + known.omitted - MOST_ROWS;
  if (more > 0) list.append(note(`and ${more} more`));
  return list;
}

function note(text) {
  return make("li", { className: "note" }, text);
}

function boundaryRow(boundary, total) {
  const { name, place, depth, rendered, started = rendered, end, sent, outcome } = boundary;
  const track = make("span", { className: "track" });
  track.append(bar(outcome ?? "running", started, end ?? total, total));
  if (sent > end) track.append(bar("hold", end, sent, total));
  const aside = [];
  if (outcome && outcome !== "complete") aside.push(outcome.replace("-", " "));
  if (place !== name) aside.push(place);
  const times = Object.entries({ rendered, ...timesOf(boundary) })
    .map(([what, at]) => `${what} at ${time(at)}`);
  const took = end === undefined ? "…" : time(end - started);
  return row(name, aside.join(" · "), depth, track, took, `${name}\n${place}\n${times.join("\n")}`);
}

// The steps of a boundary that are known, in their order.
function timesOf({ started, shown, end, sent, swapped, painted }) {
  const page = { swapped: swapped - offset, painted: painted - offset };
  const times = Object.entries({ started, shown, complete: end, sent, ...page });
  return Object.fromEntries(times.filter(([, at]) => at >= 0));
}

function row(name, aside, depth, track, took, tip) {
  const label = make("span", { className: "name" }, name, make("small", {}, aside));
  label.style.paddingLeft = `${Math.min(depth, 8) * 14}px`;
  const item = make("li", { className: "row", title: tip });
  item.append(label, track, make("span", { className: "took" }, took));
  return item;
}

function bar(kind, from, to, total) {
  const bar = make("span", { className: `bar ${kind}` });
  bar.style.left = `${(from / total) * 100}%`;
  bar.style.width = `${(Math.max(0, to - from) / total) * 100}%`;
  return bar;
}

// Round numbers, and a line where the shell was sent.
function axis(total) {
  const axis = make("li", { className: "axis" });
  axis.setAttribute("aria-hidden", true);
  const power = 10 ** Math.floor(Math.log10(total / 4));
  const step = [1, 2, 5, 10].map(n => n * power).find(step => step >= total / 4);
  const line = (at, className, text) => {
    const line = make("span", { className }, text);
    line.style.left = `${(at / total) * 100}%`;
    axis.append(line);
  };
  for (let at = 0; at < total; at += step) line(at, "", time(at));
  if ("committed" in known) line(known.committed, "shell", "");
  return axis;
}

function legend() {
  const failed = all().some(({ outcome }) => outcome === "failed" || outcome === "timed-out");
  const entries = [["line", "shell sent"], ["bar wait", "awaited before it"]];
  entries.push(["bar", "boundary at work"], ["bar hold", "complete, not sent yet"]);
  if (failed) entries.push(["bar failed", "failed"], ["bar timed-out", "timed out"]);
  const items = entries.map(([className, text]) =>
    make("span", {}, make("i", { className }), text));
  return make("p", { className: "legend" }, ...items);
}

function hints() {
  const items = known.hints.map(({ seen, place, mend }) =>
    make("li", {}, `${seen}, at `, make("code", {}, place), make("div", {}, mend)));
  return make("ul", { className: "hints" }, ...items);
}

function time(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms % 1000 && ms < 10000 ? 1 : 0)} s`;
  return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
