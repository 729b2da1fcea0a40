// Asks the app for rivers. No type and no path of it is written here by hand.

import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type River = components["schemas"]["River"];

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "http://127.0.0.1:3000" });

function line(river: River): string {
    return `${river.name}: ${river.length} km, with ${river.mouth === "delta" ? "a delta" : "an estuary"}`;
}

const long = await client.GET("/api/rivers", { params: { query: { longer_than: 4000 } } });
for (const river of long.data ?? []) {
    console.log(line(river));
}

const ob = await client.GET("/api/rivers/{name}", { params: { path: { name: "Ob" } } });
if (ob.data) {
    console.log(line(ob.data));
}

const added = await client.POST("/api/rivers", { body: { name: "Lena", length: 1, mouth: "delta" } });
// What a handler fails with is a text.
console.log(added.error?.trim() ?? added.data);
