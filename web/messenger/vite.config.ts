// Builds the messenger: few files, found from wherever the document was written to.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "es2022",
    // One style sheet and no preloading: lazy chunks need nothing but themselves, and find one another
    // relative to themselves, also when the document was written into somebody else's page.
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
