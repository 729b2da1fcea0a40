// The list as JSON.

import { TODOS } from "../../../lib/todos.js";

export const dynamic = "force-dynamic";

export function GET() {
  return Response.json(TODOS);
}
