// Runs every test with each supported version of the official SDK, those of agents once, and the whole story on
// PostgreSQL as well.
import { defineConfig } from "@playwright/test";
import type { Options, WorkerOptions } from "./support/test.ts";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Tests without the SDK: agents' pages and sockets, and the types of the API. */
const agents = /(agents|api-types|dashboard-[a-z-]+)\.spec\.ts$/;

export default defineConfig<Options, WorkerOptions>({
  testDir: "tests",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  // One of hundreds of tests may meet a machine that stalls for seconds. What passes only then is listed as flaky at the end
  // of the run, and is to be mended like a failure.
  retries: 1,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Whoever records the screen is given a made-up one, and is not asked.
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
      ],
    },
  },
  projects: [
    { name: "sdk 15.3.2", testIgnore: agents, use: { sdk: "gleap-15" } },
    { name: "sdk 16.4.0", testIgnore: agents, use: { sdk: "gleap-16" } },
    { name: "agents", testMatch: agents },
    // The same program on the other engine; needs scripts/with-postgres.
    { name: "on PostgreSQL", testMatch: /story\.spec\.ts$/, use: { sdk: "gleap-16", engine: "postgres" } },
  ],
});
