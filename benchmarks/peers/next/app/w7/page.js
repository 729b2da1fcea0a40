import { Page, Siblings } from "../../lib/pages.js";
import { staggered } from "../../lib/schedule.js";

export const metadata = { title: "w7" };

export default function W7() {
  return (
    <Page title="w7">
      <Siblings content={(i) => <Stamp i={i} />} />
    </Page>
  );
}

async function Stamp({ i }) {
  const time = await staggered(i);
  return <p>{`r${i}@${time}`}</p>;
}
