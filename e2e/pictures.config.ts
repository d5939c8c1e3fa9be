// Makes the pictures in docs/images anew: npm run pictures
import { defineConfig } from "@playwright/test";
import config from "./playwright.config.ts";

export default defineConfig({
  ...config,
  testDir: "pictures",
  projects: [{ name: "pictures" }],
  use: { ...config.use, viewport: { width: 1440, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin" },
});
