// The workloads as components. A promise is made by the parent of the boundary that waits for it,
// since what suspends is rendered again.

import { createElement as h, Suspense, use } from "react";

import {
  LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yieldsOf,
} from "./schedule.js";

const ITEMS = Array.from({ length: 20 }, (_, i) => ({
  title: `Item ${i + 1}`,
  text: `row ${i + 1}: quick brown fox & lazy dog <${i + 1}>`,
}));

const LINKS = ["w1", "w2", "w3", "w4", "w5", "w6", "w7"];

function Document({ title, children }) {
  return h("html", { lang: "en" },
    h("head", null, h("meta", { charSet: "utf-8" }), h("title", null, title)),
    h("body", null,
      h("header", null, h("h1", null, `Bench ${title}`)),
      h("nav", null, LINKS.map((link) => h("a", { key: link, href: `/${link}` }, link))),
      h("main", null, children)));
}

function List() {
  return h("ul", null, ITEMS.map(({ title, text }) =>
    h("li", { key: title }, h("b", null, title), h("span", null, text))));
}

const Loading = ({ i }) => h("p", null, `Loading ${i}`);

/** Renders `children` once `ready` is. */
function After({ ready, children }) {
  use(ready);
  return children;
}

function Siblings({ wait }) {
  return Array.from({ length: SIBLINGS }, (_, i) =>
    h("section", { key: i },
      h("h2", null, `Section ${i}`),
      h(Suspense, { fallback: h(Loading, { i }) },
        h(After, { ready: wait(i) }, h(List)))));
}

function Level({ n, ready }) {
  use(ready);
  return h("section", null,
    h("h2", null, `Level ${n}`),
    h("p", null, `This is level ${n} of four.`),
    n < LEVELS ? h(Next, { n: n + 1 }) : h(List));
}

function Next({ n }) {
  return h(Suspense, { fallback: h(Loading, { i: n }) }, h(Level, { n, ready: yields(1) }));
}

function Paragraphs() {
  return Array.from({ length: PARAGRAPHS }, (_, i) =>
    h(Suspense, { key: i, fallback: h("i", null, "wait") },
      h(After, { ready: yields(yieldsOf(i)) },
        h("p", null, `Paragraph ${i}: the quick brown fox jumps over the lazy dog.`))));
}

const Stamp = ({ i, time }) => h("p", null, `r${i}@${use(time)}`);

function Stamps() {
  return Array.from({ length: SIBLINGS }, (_, i) =>
    h("section", { key: i },
      h("h2", null, `Section ${i}`),
      h(Suspense, { fallback: h(Loading, { i }) }, h(Stamp, { i, time: staggered(i) }))));
}

const One = () =>
  h(Suspense, { fallback: h(Loading, { i: 0 }) }, h(After, { ready: yields(1) }, h(List)));

const MAINS = {
  w1: () => h(List),
  w2: () => h(One),
  w3: () => h(Siblings, { wait: () => yields(1) }),
  w4: () => h(Next, { n: 1 }),
  w5: () => h(Paragraphs),
  w6: () => h(Siblings, { wait: parked }),
  w7: () => h(Stamps),
  w8: () => h(Siblings, { wait: tick }),
};

/** The document of workload `name`; nothing if there is none. */
export function page(name) {
  const main = MAINS[name];
  return main && h(Document, { title: name }, main());
}
