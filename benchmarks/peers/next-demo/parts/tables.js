// Cards: the carriers compared, and the busiest routes. Their rows are boundaries in `<tbody>`.

import { decimal, minutes, percent, thousands } from "../lib/number.js";
import { busiestRoutes, largestCarriers } from "../lib/queries.js";
import { Card } from "./card.js";
import { Rows } from "./views.js";

const CARRIERS = 9;
const CARRIER_CELLS = ["", "number wide", "share wide", "number", "number"];

/** Rows of the table of routes, shared by the airports that are shown. */
const ROUTES = 9;
const ROUTE_CELLS = ["code", "", "number", "number"];

const PART_NAMES = {
  EWR: "routes from Newark",
  JFK: "routes from Kennedy",
  LGA: "routes from LaGuardia",
};

export const carriersCard = (at) => (
  <Card id="carriers" width="most" title="Carriers compared"
    about="The nine with the most flights; on time is less than 15 minutes late">
    <table>
      <caption className="unseen">Punctuality of the largest carriers</caption>
      <thead>
        <tr>
          <th scope="col">Carrier</th>
          <th className="number wide" scope="col">Flights</th>
          <th className="share wide" scope="col"><span className="unseen">On time, as a bar</span></th>
          <th className="number" scope="col">On time</th>
          <th className="number" scope="col">Min late</th>
        </tr>
      </thead>
      <tbody>
        <Rows part={at.part("carriers", () => carriers(at.origin))} count={CARRIERS}
          cells={CARRIER_CELLS} what="the carriers" />
      </tbody>
    </table>
  </Card>
);

async function carriers(origin) {
  const found = await largestCarriers(origin, CARRIERS);
  return found.map((carrier) => {
    const onTime = decimal(percent(carrier.on_time, carrier.arrivals), 1);
    return (
      <tr key={carrier.carrier}>
        <th scope="row"><a href={`/airlines/${carrier.carrier}`}>{shortAirline(carrier.name)}</a></th>
        <td className="number wide">{thousands(carrier.flights)}</td>
        <td className="share wide">
          <svg aria-hidden="true" width="100%" height="8">
            <rect className="track" width="100%" height="8" rx="3" />
            <rect className="bar" width={`${onTime}%`} height="8" rx="3" />
          </svg>
        </td>
        <td className="number">{`${onTime} %`}</td>
        <td className="number">{minutes(carrier.mean_delay)}</td>
      </tr>
    );
  });
}

export function routesCard(at, origins) {
  const count = ROUTES / origins.length;
  return (
    <Card id="routes" width="less" title="The busiest routes" about="And how late they arrive">
      <table>
        <caption className="unseen">Routes with the most flights</caption>
        <thead>
          <tr>
            <th className="code" scope="col">From</th>
            <th scope="col">To</th>
            <th className="number" scope="col">Flights</th>
            <th className="number" scope="col">Min late</th>
          </tr>
        </thead>
        <tbody>
          {origins.map((origin) => (
            <Rows key={origin} part={at.part(PART_NAMES[origin], () => routes(origin, count))}
              count={count} cells={ROUTE_CELLS} what="routes" />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

async function routes(origin, count) {
  const found = await busiestRoutes(origin, count);
  return found.map((route) => (
    <tr key={route.dest}>
      <td className="code"><a href={`/airports/${route.origin}`}>{route.origin}</a></td>
      <th scope="row"><a href={`/airports/${route.dest}`}>{(route.name ?? route.dest).replace(/( Intl)+$/, "")}</a></th>
      <td className="number">{thousands(route.flights)}</td>
      <td className="number">{minutes(route.mean_delay)}</td>
    </tr>
  ));
}

/** The name of an airline without its legal form. */
const shortAirline = (name) =>
  [/( Inc\.)+$/, /( Co\.)+$/, /( Corporation)+$/].reduce((kept, form) => kept.replace(form, ""), name);
