import { ListAfter, Page, Siblings } from "../../lib/pages.js";
import { parked } from "../../lib/schedule.js";

export const metadata = { title: "w6" };

export default function W6() {
  return (
    <Page title="w6">
      <Siblings content={(i) => <ListAfter wait={() => parked(i)} />} />
    </Page>
  );
}
