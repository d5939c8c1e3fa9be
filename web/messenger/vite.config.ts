// Builds the messenger: few files, found from wherever the document was written to.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

/** Names what the first script imports in the document, so that browsers ask for both at once and not one after the other. */
const together: Plugin = {
  name: "together",
  transformIndexHtml: {
    order: "post",
    handler(_, { chunk }) {
      const imports = chunk?.imports ?? [];
      return imports.map((file) => ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` }, injectTo: "head" }));
    },
  },
};

export default defineConfig({
  plugins: [svelte(), together],
  build: {
    target: "es2022",
    // One style sheet and no preloading by scripts: lazy chunks need nothing but themselves, and find one another
    // relative to themselves, also when the document was written into somebody else's page.
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
