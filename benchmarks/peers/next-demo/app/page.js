// The dashboard: a shell with all headings, and a boundary for each card's content.

import { notFound } from "next/navigation";

import { calendarCard, worstCard } from "../parts/days.js";
import { fuelCard } from "../parts/fuel.js";
import { hoursCard } from "../parts/hours.js";
import { planesCard } from "../parts/planes.js";
import { Site } from "../parts/site.js";
import { skiesCard } from "../parts/skies.js";
import { carriersCard, routesCard } from "../parts/tables.js";
import { totalsCard } from "../parts/totals.js";
import { Late } from "../parts/views.js";
import { decimal } from "../lib/number.js";
import { days } from "../lib/queries.js";
import { Timeline } from "../lib/timeline.js";

const NAMES = { EWR: "Newark", JFK: "Kennedy", LGA: "LaGuardia" };

/** The code of the airport that the page is about, or null for all three. */
async function chosen(searchParams) {
  const { origin = null } = await searchParams;
  if (origin !== null && !Object.hasOwn(NAMES, origin)) notFound();
  return origin;
}

const heading = (origin) => `A year of flights from ${origin ? NAMES[origin] : "New York"}`;

export async function generateMetadata({ searchParams }) {
  return {
    title: heading(await chosen(searchParams)),
    description: "Every departure from New York’s three airports in 2013, in one dashboard.",
  };
}

export default async function Page({ searchParams }) {
  const origin = await chosen(searchParams);
  const timeline = new Timeline();
  const at = { origin, part: (name, content) => timeline.track(name, content) };
  const year = days(origin);
  const page = (
    <Site current="/">
      <Top origin={origin} />
      <div className="grid">
        {totalsCard(at)}
        {hoursCard(at)}
        {skiesCard(at)}
        {calendarCard(at, year)}
        {worstCard(at, year)}
        {carriersCard(at)}
        {routesCard(at, origin ? [origin] : Object.keys(NAMES))}
        {planesCard(at)}
        {fuelCard(at)}
      </div>
      <Late part={times(timeline)} loading={<p className="times" aria-busy="true">Still counting…</p>} />
    </Site>
  );
  timeline.shellDone();
  return page;
}

function Top({ origin }) {
  return (
    <div className="top">
      <h1>{heading(origin)}</h1>
      <p>
        {"Every departure of 2013, counted anew for each visit. This page was sent before its" +
          " first query was answered; each card followed as soon as its own was."}
      </p>
      <nav aria-label="Airport">
        <ul className="choice">
          <li><a href="/" aria-current={origin ? undefined : "page"}>All</a></li>
          {Object.entries(NAMES).map(([code, name]) => (
            <li key={code}>
              <a href={`/?origin=${code}`} aria-current={origin === code ? "page" : undefined}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

async function times(timeline) {
  const { shell, parts, last: [name, done] } = await timeline.finished();
  return (
    <p className="times">
      {`The shell took the server ${decimal(shell, 1)} ms. The last of ${parts} boundaries, ` +
        `${name}, was done after ${decimal(done, 1)} ms.`}
    </p>
  );
}
