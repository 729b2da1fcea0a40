// The desk: the form that finds a flight, and the newest notes. Whoever has no session is sent to
// the login.

import { cookies } from "next/headers";
import { redirect } from "next/navigation";

import { Card } from "../../parts/card.js";
import { Site } from "../../parts/site.js";
import { named } from "../../lib/date.js";
import { newestNotes } from "../../lib/queries.js";
import { user } from "../../lib/session.js";

/** How many notes are listed. */
const NEWEST = 20;

export const metadata = { title: "The desk", robots: "noindex" };

export default async function Desk() {
  const name = await user((await cookies()).get("desk")?.value);
  if (!name) redirect("/desk/login?next=%2Fdesk");
  const notes = await newestNotes(NEWEST);
  return (
    <Site current="/desk">
      <form className="session" method="post" action="/desk/logout">
        <span>{"Logged in as "}<strong>{name}</strong></span>
        <button className="quiet">Log out</button>
      </form>
      <div className="top">
        <h1>The desk</h1>
        <p>Notes about flights: why one was late, and what else is worth knowing.</p>
      </div>
      <div className="grid">
        <Card id="find" width="less" title="Find a flight" about="By its day and its number">
          <Search />
        </Card>
        <Card id="notes" width="most" title="Newest notes" about="Over all flights">
          {notes.length === 0 ? (
            <p className="empty">There are none yet. Find a flight to write the first.</p>
          ) : (
            <ul className="notes">
              {notes.map((note) => (
                <li key={note.note}>
                  <p className="about"><Flight of={note} /></p>
                  <p className="said">{note.text}</p>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
    </Site>
  );
}

function Search() {
  return (
    <form className="stack" method="get" action="/desk">
      <div className="field">
        <label htmlFor="date">Day</label>
        <input id="date" type="date" name="date" defaultValue="" required min="2013-01-01" max="2013-12-31" />
      </div>
      <div className="field">
        <label htmlFor="flight">Flight</label>
        <input id="flight" name="flight" defaultValue="" required placeholder="UA 1106"
          autoComplete="off" autoCapitalize="characters" />
      </div>
      <button>Find</button>
    </form>
  );
}

function Flight({ of: { id, carrier, flight, month, day, sched_dep_time, origin, dest } }) {
  const time = String(sched_dep_time).padStart(4, "0");
  return (
    <>
      <a href={`/desk/flights/${id}`}>{`${carrier} ${flight}`}</a>
      {`, ${named({ month, day })}, ${time.slice(0, 2)}:${time.slice(2)}, ${origin} to ${dest}`}
    </>
  );
}
