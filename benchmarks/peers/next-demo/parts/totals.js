// The year in six numbers.

import { decimal, percent, thousands } from "../lib/number.js";
import { totals } from "../lib/queries.js";
import { Late } from "./views.js";

const LABELS = [
  "flights planned",
  "arrived on time",
  "average delay",
  "cancelled",
  "destinations",
  "planes seen",
];

export function totalsCard(at) {
  const loading = (
    <dl className="totals" aria-busy="true">
      {LABELS.map((label) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd><span className="unseen">Loading…</span><span className="bone" /></dd>
        </div>
      ))}
    </dl>
  );
  const failed = (id) => <div className="totals failed" data-error={id}>This could not be loaded.</div>;
  return (
    <section aria-labelledby="totals">
      <h2 id="totals" className="unseen">The year in six numbers</h2>
      <Late part={at.part("totals", () => numbers(at.origin))} loading={loading} failed={failed} />
    </section>
  );
}

async function numbers(origin) {
  const year = await totals(origin);
  const delay = year.mean_delay;
  const values = [
    thousands(year.flights),
    <>{decimal(percent(year.on_time, year.arrivals), 1)}<small> %</small></>,
    delay === null ? "–" : <>{decimal(delay, 1)}<small> min</small></>,
    thousands(year.cancelled),
    thousands(year.destinations),
    thousands(year.planes),
  ];
  return (
    <dl className="totals">
      {LABELS.map((label, at) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{values[at]}</dd>
        </div>
      ))}
    </dl>
  );
}
