// The database that DEMO_DB names, which the demo has filled.

import { Pool, types } from "pg";

// Counts are 64 bits wide, and would come as text.
types.setTypeParser(types.builtins.INT8, Number);

// As many connections that read as the demo has.
const pool = new Pool({ connectionString: process.env.DEMO_DB, max: 4 });

/** The rows that `sql` yields. Like the demo's, statements are not prepared. */
export async function rows(sql, params = []) {
  return (await pool.query(sql, params)).rows;
}
