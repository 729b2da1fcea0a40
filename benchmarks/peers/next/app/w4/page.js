import { Suspense } from "react";

import { List, Loading, Page } from "../../lib/pages.js";
import { LEVELS, yields } from "../../lib/schedule.js";

export const metadata = { title: "w4" };

export default function W4() {
  return <Page title="w4"><Next n={1} /></Page>;
}

function Next({ n }) {
  return (
    <Suspense fallback={<Loading i={n} />}>
      <Level n={n} />
    </Suspense>
  );
}

async function Level({ n }) {
  await yields(1);
  return (
    <section>
      <h2>{`Level ${n}`}</h2>
      <p>{`This is level ${n} of four.`}</p>
      {n < LEVELS ? <Next n={n + 1} /> : <List />}
    </section>
  );
}
