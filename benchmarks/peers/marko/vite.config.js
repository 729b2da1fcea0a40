// One file for the server, with the runtime of Marko in it and nothing for the browser.

import marko from "@marko/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [marko({ linked: false })],
  ssr: { noExternal: true },
});
