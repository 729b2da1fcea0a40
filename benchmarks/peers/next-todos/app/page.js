// The list. Every request renders it anew, as in the other apps.

import { TODOS } from "../lib/todos.js";

export const dynamic = "force-dynamic";

export const metadata = { title: "Todos" };

export default function Page() {
  const open = TODOS.filter(({ done }) => !done).length;
  return (
    <>
      <h1>What is to be done</h1>
      <p>{`${open} of ${TODOS.length} are open.`}</p>
      <ul>
        {TODOS.map(({ id, title, done }) => (
          <li key={id}>
            <b>{title}</b>
            <span>{done ? "done" : "open"}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
