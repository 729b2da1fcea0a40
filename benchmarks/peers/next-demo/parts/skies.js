// Card: what the weather does to departures.

import { decimal, percent, thousands } from "../lib/number.js";
import { skies } from "../lib/queries.js";
import { Card } from "./card.js";
import { Bars } from "./chart.js";
import { Block } from "./views.js";

export const skiesCard = (at) => (
  <Card id="weather" width="less" title="Weather against delay"
    about="Mean minutes late, by the weather of that hour">
    <Block part={at.part("weather against delay", () => chart(at.origin))} name="tall" what="the weather" />
  </Card>
);

async function chart(origin) {
  const found = await skies(origin);
  const items = found.map(({ name, flights, cancelled, mean_delay }) => ({
    label: name,
    value: mean_delay ?? 0,
    detail:
      mean_delay === null
        ? "all cancelled"
        : `${decimal(mean_delay, 0)} min, ${decimal(percent(cancelled, flights), 1)} % cancelled`,
  }));
  const summary = items.map(({ label, detail }) => `${label}: ${detail}`).join("; ");
  const fair = found.find(({ name }) => name === "Fair");
  return (
    <div className="tall">
      <Bars summary={summary} items={items} />
      <p className="note">
        {fair && (
          <>
            {"Most flights leave under a fair sky: "}
            <strong>{thousands(fair.flights)}</strong>
            {" of them."}
          </>
        )}
      </p>
    </div>
  );
}
