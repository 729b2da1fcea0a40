// What the workloads share, as server components.

import { Suspense } from "react";

import { SIBLINGS } from "./schedule.js";

const ITEMS = Array.from({ length: 20 }, (_, i) => ({
  title: `Item ${i + 1}`,
  text: `row ${i + 1}: quick brown fox & lazy dog <${i + 1}>`,
}));

const LINKS = ["w1", "w2", "w3", "w4", "w5", "w6", "w7"];

export function Page({ title, children }) {
  return (
    <>
      <header>
        <h1>{`Bench ${title}`}</h1>
      </header>
      <nav>
        {LINKS.map((link) => (
          <a key={link} href={`/${link}`}>{link}</a>
        ))}
      </nav>
      <main>{children}</main>
    </>
  );
}

export function List() {
  return (
    <ul>
      {ITEMS.map(({ title, text }) => (
        <li key={title}>
          <b>{title}</b>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

export const Loading = ({ i }) => <p>{`Loading ${i}`}</p>;

/** The list, once `wait` gives it. */
export async function ListAfter({ wait }) {
  await wait();
  return <List />;
}

/** Ten sections, each with a boundary around what `content` gives for its number. */
export function Siblings({ content }) {
  return Array.from({ length: SIBLINGS }, (_, i) => (
    <section key={i}>
      <h2>{`Section ${i}`}</h2>
      <Suspense fallback={<Loading i={i} />}>{content(i)}</Suspense>
    </section>
  ));
}
