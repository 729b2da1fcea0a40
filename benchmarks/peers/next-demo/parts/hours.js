// Card: how late flights leave, by the hour of the day.

import { count, decimal } from "../lib/number.js";
import { hours } from "../lib/queries.js";
import { Card } from "./card.js";
import { Columns } from "./chart.js";
import { Block } from "./views.js";

export const hoursCard = (at) => (
  <Card id="hours" width="most" title="Delays grow with the day"
    about="Mean minutes late, by planned hour of departure">
    <Block part={at.part("delays by hour", () => chart(at.origin))} name="tall" what="the delays by hour" />
  </Card>
);

async function chart(origin) {
  const found = await hours(origin);
  if (found.length === 0) return <div className="tall failed"><p>No flight left.</p></div>;
  const best = found.reduce((a, b) => (b.mean_delay < a.mean_delay ? b : a));
  const worst = found.reduce((a, b) => (b.mean_delay >= a.mean_delay ? b : a));
  const summary =
    `Mean departure delay by hour: ${decimal(best.mean_delay, 1)} minutes at ${best.hour}:00, ` +
    `${decimal(worst.mean_delay, 1)} at ${worst.hour}:00`;
  const items = found.map(({ hour, flights, mean_delay }) => ({
    label: String(hour),
    value: mean_delay,
    detail: `${hour}:00: ${decimal(mean_delay, 1)} minutes, ${count(flights, "flight", "flights")}`,
  }));
  return (
    <div className="tall">
      <Columns summary={summary} items={items} />
      <p className="note">
        {"Best at "}<strong>{`${best.hour}:00`}</strong>
        {", worst at "}<strong>{`${worst.hour}:00`}</strong>, on average.
      </p>
    </div>
  );
}
