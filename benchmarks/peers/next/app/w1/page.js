import { List, Page } from "../../lib/pages.js";

export const metadata = { title: "w1" };

export default function W1() {
  return <Page title="w1"><List /></Page>;
}
