// Card: whether old planes are late planes.

import { minutes, thousands } from "../lib/number.js";
import { planesByAge } from "../lib/queries.js";
import { Card } from "./card.js";
import { Columns } from "./chart.js";
import { Block } from "./views.js";

export const planesCard = (at) => (
  <Card id="planes" width="most" title="Old planes are not late planes"
    about="Mean minutes late, by age of the plane in years">
    <Block part={at.part("planes by age", () => chart(at.origin))} name="tall" what="the planes by age" />
  </Card>
);

const years = (from) => (from >= 25 ? `${from}+` : `${from}–${from + 4}`);

async function chart(origin) {
  const groups = await planesByAge(origin);
  const items = groups.map(({ from, planes, flights, mean_delay }) => ({
    label: years(from),
    value: mean_delay ?? 0,
    detail:
      `${years(from)} years: ${thousands(planes)} planes, ${thousands(flights)} flights, ` +
      `${minutes(mean_delay)} minutes late`,
  }));
  const known = groups.reduce((sum, { planes }) => sum + planes, 0);
  return (
    <div className="tall">
      <Columns summary="Mean departure delay by age of the plane" items={items} />
      <p className="note">
        {"The age of "}<strong>{thousands(known)}</strong>
        {" planes is known, from the registry."}
      </p>
    </div>
  );
}
