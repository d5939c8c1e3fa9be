// Builds the dashboard into dist/; while it is worked on, calls go to the server that HARK names.
import { svelte, vitePreprocess } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const server = process.env.HARK ?? "http://127.0.0.1:8080";
const calls = ["/v3", "/auth", "/uploads", "/media/", "/shared/", "/openapi.json", "/files", "/config", "/sessions", "/bugs"];

export default defineConfig({
  plugins: [svelte({ preprocess: vitePreprocess(), configFile: false })],
  build: {
    target: "es2022",
    // Data addresses would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs, and what several areas share, is in one file each: many small ones cost more than their bytes.
          groups: [
            { name: "start", test: /\/(node_modules\/(svelte|esm-env|clsx)|api-client\/src|ui\/src|src\/notifications|src\/app)\/(?!Guarded|media\.|ticketTypes|refusals)/, priority: 2 },
            { name: "paper", test: /\/node_modules\/(prosemirror-|orderedmap|rope-sequence|w3c-keyname|@tiptap\/pm)/, priority: 1 },
            { name: "parts", test: /\/dashboard\/src\/(filters\/|app\/(Guarded|media|ticketTypes)|inbox\/(types|rich|writing|placeholders|loadEditor))/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      ...Object.fromEntries(calls.map((path) => [path, { target: server }])),
      "/app/": { target: server, ws: true },
    },
  },
});
