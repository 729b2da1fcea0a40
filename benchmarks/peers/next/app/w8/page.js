import { ListAfter, Page, Siblings } from "../../lib/pages.js";
import { tick } from "../../lib/schedule.js";

export const metadata = { title: "w8" };

export default function W8() {
  return (
    <Page title="w8">
      <Siblings content={(i) => <ListAfter wait={() => tick()} />} />
    </Page>
  );
}
