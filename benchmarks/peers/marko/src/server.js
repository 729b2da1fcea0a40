// Serves the workloads: Node's HTTP server and Marko's stream, nothing between them.

import { createServer } from "node:http";

import w1 from "./w1.marko";
import w2 from "./w2.marko";
import w3 from "./w3.marko";
import w4 from "./w4.marko";
import w5 from "./w5.marko";
import w6 from "./w6.marko";
import w7 from "./w7.marko";
import w8 from "./w8.marko";

const pages = { w1, w2, w3, w4, w5, w6, w7, w8 };

const server = createServer((request, response) => {
  const page = pages[request.url.slice(1)];
  if (!page) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("content-type", "text/html; charset=utf-8");
  const left = new AbortController();
  response.on("close", () => response.writableFinished || left.abort());
  // Marko reports that it was aborted to the stream that it was piped to.
  response.on("error", () => {});
  page.render({ $global: { signal: left.signal } }).pipe(response);
});

// The client decides when a connection ends, as with the other servers.
server.keepAliveTimeout = 60_000;
server.listen(process.env.PORT ?? 3000, "127.0.0.1");
