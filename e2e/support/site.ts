// A customer's site on an origin of its own, with the official SDK from the npm package.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AddressInfo } from "node:net";

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Site</title></head>
<body><h1>Site</h1><script src="/sdk.js"></script></body></html>`;

export class Site {
  private constructor(private readonly server: Server) {}

  static async start(sdk: string): Promise<Site> {
    const script = await readFile(join(modules, sdk, "build/browser/index.js"));
    const server = createServer((request, response) => {
      const isScript = request.url === "/sdk.js";
      response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : page);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new Site(server);
  }

  /** Browsers take every name under localhost for loopback. */
  get url(): string {
    return `http://site.localhost:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
