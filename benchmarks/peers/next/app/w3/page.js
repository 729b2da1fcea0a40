import { ListAfter, Page, Siblings } from "../../lib/pages.js";
import { yields } from "../../lib/schedule.js";

export const metadata = { title: "w3" };

export default function W3() {
  return (
    <Page title="w3">
      <Siblings content={(i) => <ListAfter wait={() => yields(1)} />} />
    </Page>
  );
}
