import { Suspense } from "react";

import { ListAfter, Loading, Page } from "../../lib/pages.js";
import { yields } from "../../lib/schedule.js";

export const metadata = { title: "w2" };

export default function W2() {
  return (
    <Page title="w2">
      <Suspense fallback={<Loading i={0} />}>
        <ListAfter wait={() => yields(1)} />
      </Suspense>
    </Page>
  );
}
