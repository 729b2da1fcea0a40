// Two cards over one query: the year as a calendar, and its worst days. The worst of them is looked
// into by a boundary of its own, inside the second card.

import { iso, MONTHS, named, short, weekAndWeekday } from "../lib/date.js";
import { decimal, minutes, percent, thousands } from "../lib/number.js";
import { hoursOfDay } from "../lib/queries.js";
import { Card } from "./card.js";
import { Columns } from "./chart.js";
import { Block } from "./views.js";

const WORST = 6;

/** Up to how many minutes a day has which colour. */
const STEPS = [
  [5, "under 5 min"],
  [15, "5 to 15"],
  [30, "15 to 30"],
  [45, "30 to 45"],
  [Infinity, "45 and more"],
];

export const calendarCard = (at, days) => (
  <Card id="calendar" title="The year, day by day" about="Mean minutes late of each day’s departures">
    <div className="scroll" tabIndex={0} role="region" aria-label="Calendar">
      <Block part={at.part("calendar", () => calendar(days))} name="year" what="the calendar" />
    </div>
    <ul className="legend">
      {STEPS.map(([, label], step) => (
        <li key={step}><i className={`heat-${step}`} />{label}</li>
      ))}
    </ul>
  </Card>
);

export const worstCard = (at, days) => (
  <Card id="worst" title="The worst days" about="And what happened on the very worst, hour by hour">
    <Block part={at.part("worst days", () => worst(at, days))} name="days" what="the worst days" />
  </Card>
);

/** The year, a column for each week. */
async function calendar(days) {
  const [cell, left, top] = [14, 30, 20];
  const known = (await days).filter(({ mean_delay }) => mean_delay !== null);
  const late = known.filter(({ mean_delay }) => mean_delay >= 30).length;
  const summary =
    `Calendar of 2013. On ${late} of ${known.length} days departures were late by half an hour or ` +
    "more on average";
  return (
    <svg className="year" role="img" aria-label={summary} viewBox="0 0 772 122">
      {MONTHS.map((name, at) => {
        const [week, weekday] = weekAndWeekday({ month: at + 1, day: 1 });
        // A month that begins within a week is named over its first whole one.
        return <text key={name} x={left + cell * (week + Math.min(weekday, 1))} y="11">{name.slice(0, 3)}</text>;
      })}
      {[[0, "Mon"], [2, "Wed"], [4, "Fri"], [6, "Sun"]].map(([row, name]) => (
        <text key={name} x="0" y={top + cell * row + 10}>{name}</text>
      ))}
      {known.map((date) => {
        const [week, weekday] = weekAndWeekday(date);
        return (
          <rect key={iso(date)} className={heat(date.mean_delay)} rx="2.5" width="12" height="12"
            x={left + cell * week} y={top + cell * weekday}>
            <title>{`${named(date)}: ${minutes(date.mean_delay)} minutes`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

const heat = (delay) => `heat-${STEPS.findIndex(([limit]) => delay < limit)}`;

async function worst(at, days) {
  const known = (await days).filter(({ mean_delay }) => mean_delay !== null);
  known.sort((a, b) => b.mean_delay - a.mean_delay);
  const [first] = known;
  if (!first) throw new Error("no flight left");
  const hours = at.part("the worst day", () => hoursOf(at.origin, first));
  return (
    <div className="days">
      <table>
        <caption className="unseen">The days with the longest mean delay</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th className="number" scope="col">Cancelled</th>
            <th className="number" scope="col">Min late</th>
          </tr>
        </thead>
        <tbody>
          {known.slice(0, WORST).map((day) => (
            <tr key={iso(day)}>
              <th scope="row"><a href={`/flights/${iso(day)}`}>{named(day)}</a></th>
              <td className="number">{`${decimal(percent(day.cancelled, day.flights), 0)} %`}</td>
              <td className="number">{decimal(day.mean_delay, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <h3>{`${named(first)}, hour by hour`}</h3>
        <Block part={hours} name="day" what="the worst day" />
      </div>
    </div>
  );
}

async function hoursOf(origin, date) {
  const hours = await hoursOfDay(origin, date);
  const items = hours.map(({ hour, flights, cancelled, mean_delay }) => ({
    label: String(hour),
    value: mean_delay ?? 0,
    detail: `${hour}:00: ${cancelled} of ${flights} flights cancelled`,
  }));
  const sum = (column) => hours.reduce((total, hour) => total + hour[column], 0);
  return (
    <div className="day">
      <Columns summary={`Mean departure delay on ${short(date)} by hour`} items={items} />
      <p className="note">
        <strong>{thousands(sum("cancelled"))}</strong>
        {` of ${thousands(sum("flights"))} flights cancelled; ${weather(hours)}.`}
      </p>
    </div>
  );
}

/** The extremes of a day's weather in words. */
function weather(hours) {
  const known = (column) => hours.map((hour) => hour[column]).filter((value) => value !== null);
  const wind = Math.max(0, ...known("wind"));
  const rain = known("rain").reduce((sum, value) => sum + value, 0);
  const sight = Math.min(...known("visibility"));
  return `wind to ${decimal(wind, 0)} mph, rain ${decimal(rain, 1)} in, sight ${decimal(sight, 1)} mi`;
}
