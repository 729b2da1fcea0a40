// Boundaries with their loading and error views, each of which takes the room of the content.

import { randomBytes } from "node:crypto";
import { Suspense } from "react";

/** A boundary whose content is a block; `name` gives each of its views the same height. */
export function Block({ part, name, what, failed }) {
  const loading = (
    <div className={`${name} bone`} aria-busy="true">
      <span className="unseen">{`Loading ${what}…`}</span>
    </div>
  );
  const block = (id) => (
    <div className={`${name} failed`} data-error={id}>
      <p><Sorry id={id} /></p>
    </div>
  );
  return <Late part={part} loading={loading} failed={failed ?? block} />;
}

/** A boundary whose content is up to `count` rows of a table, with the classes of their cells. */
export function Rows({ part, count, cells, what }) {
  const loading = Array.from({ length: count }, (_, row) => (
    <tr key={row} aria-busy="true">
      {cells.map((name, column) => (
        <td key={column} className={name}>
          {row === 0 && column === 0 && <span className="unseen">{`Loading ${what}…`}</span>}
          <span className="bone" />
        </td>
      ))}
    </tr>
  ));
  const failed = (id) => (
    <tr>
      <td className={`rows-${count}`} colSpan={cells.length} data-error={id}><Sorry id={id} /></td>
    </tr>
  );
  return <Late part={part} loading={loading} failed={failed} />;
}

/** A boundary around a promise. */
export function Late({ part, loading, failed }) {
  return (
    <Suspense fallback={loading}>
      <Settled part={part} failed={failed} />
    </Suspense>
  );
}

async function Settled({ part, failed }) {
  try {
    return await part;
  } catch (error) {
    const id = randomBytes(8).toString("hex");
    console.error(id, error);
    return failed(id);
  }
}

const Sorry = ({ id }) => (
  <>
    <strong>This could not be loaded.</strong>
    {" The log knows more, under "}
    <code>{id}</code>.
  </>
);
