// Card: the price of fuel. Its data is missing, so it always shows its error view.

import { fuelPrices } from "../lib/queries.js";
import { Card } from "./card.js";
import { Columns } from "./chart.js";
import { Block } from "./views.js";

export const fuelCard = (at) => (
  <Card id="fuel" width="less" title="The price of fuel"
    about="Dollars for a gallon of jet fuel, by month">
    <Block part={at.part("fuel prices", chart)} name="tall" what="the price of fuel" failed={missing} />
  </Card>
);

async function chart() {
  const items = (await fuelPrices()).map(({ month, dollars }) => ({
    label: String(month),
    value: dollars,
    detail: `${dollars} dollars`,
  }));
  return <div className="tall"><Columns summary="Price of jet fuel by month" items={items} /></div>;
}

const missing = (id) => (
  <div className="tall failed" data-error={id}>
    <p>
      <strong>No fuel prices.</strong>
      {" This card asks for the table "}<code>fuel_prices</code>
      {", which nycflights13 does not have. The query failed, and nothing else on the page" +
        " did. The log has it under "}
      <code>{id}</code>.
    </p>
  </div>
);
