import { Suspense } from "react";

import { Page } from "../../lib/pages.js";
import { PARAGRAPHS, yields, yieldsOf } from "../../lib/schedule.js";

export const metadata = { title: "w5" };

export default function W5() {
  return (
    <Page title="w5">
      {Array.from({ length: PARAGRAPHS }, (_, i) => (
        <Suspense key={i} fallback={<i>wait</i>}>
          <Paragraph i={i} />
        </Suspense>
      ))}
    </Page>
  );
}

async function Paragraph({ i }) {
  await yields(yieldsOf(i));
  return <p>{`Paragraph ${i}: the quick brown fox jumps over the lazy dog.`}</p>;
}
