// Builds the page under which the server answers `/replay` on the media host.
import { defineConfig } from "vite";

export default defineConfig({ base: "/replay/", build: { target: "es2022", modulePreload: false } });
