// Serves the workloads: Node's HTTP server and renderToPipeableStream, nothing between them.

import { createServer } from "node:http";

import { renderToPipeableStream } from "react-dom/server";

import { page } from "./pages.js";

const server = createServer((request, response) => {
  const document = page(request.url.slice(1));
  if (!document) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("content-type", "text/html; charset=utf-8");
  const { pipe, abort } = renderToPipeableStream(document, {
    onShellReady: () => pipe(response),
    onShellError: () => response.writeHead(500).end(),
    onError: (error) => response.destroyed || console.error(error),
  });
  response.on("close", () => abort());
});

// The client decides when a connection ends, as with the other servers.
server.keepAliveTimeout = 60_000;
server.listen(process.env.PORT ?? 3000, "127.0.0.1");
