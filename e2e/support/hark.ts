// A running server with its own data, started from the built program.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = process.env.HARK_BIN ?? fileURLToPath(new URL("../../target/debug/hark", import.meta.url));
const run = promisify(execFile);

/** Where a server keeps its data. */
export type Engine = "sqlite" | "postgres";

/** A project with its keys, as the command line prints them. */
export interface Project {
  project: { id: string; name: string };
  apiToken: string;
  sdkKey: string;
  secretApiToken: string;
  identitySecret: string;
}

/** The person who owns every project of a server. */
export interface Owner {
  id: string;
  email: string;
  password: string;
}

export class Hark {
  owner!: Owner;
  private child?: ChildProcess;
  private port = 0;
  private readonly log: string[] = [];

  private constructor(
    private readonly data: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(engine: Engine = "sqlite"): Promise<Hark> {
    const place = engine === "postgres" ? { HARK_DATABASE_URL: await newSchema(), HARK_DATABASE_CONNECTIONS: "8" } : {};
    const hark = new Hark(await mkdtemp(join(tmpdir(), "hark-e2e-")), { ...process.env, ...place });
    hark.owner = ((await hark.command("init")) as { owner: Owner }).owner;
    await hark.serve();
    return hark;
  }

  /** A server with the made-up company of `hark demo` in the project of the first setup, which is answered too. */
  static async withCompany(...flags: string[]): Promise<{ hark: Hark; project: Project }> {
    // Addresses of files are written down while the company is made, so its port is chosen before.
    const port = await freePort();
    const hark = new Hark(await mkdtemp(join(tmpdir(), "hark-e2e-")), { ...process.env, HARK_LISTEN: `127.0.0.1:${port}` });
    hark.port = port;
    const setup = (await hark.command("init", "--project-name", "Marrowby")) as Project & { owner: Owner };
    hark.owner = setup.owner;
    await hark.command("demo", "--tickets", "60");
    await hark.serve(...flags);
    return { hark, project: setup };
  }

  /** host:port of the server; it stays the same over restarts. */
  get host(): string {
    return `localhost:${this.port}`;
  }

  /** Another project, created beside the running server. */
  async project(): Promise<Project> {
    return (await this.command("project", "create", "--name", "Site")) as Project;
  }

  /** Ends the server and starts it again on the same port and data. */
  async restart(...flags: string[]): Promise<void> {
    await this.end("SIGTERM");
    await this.serve(...flags);
  }

  async stop(): Promise<void> {
    await this.end("SIGKILL");
    await rm(this.data, { recursive: true });
  }

  /** Calls REST v3 and returns the JSON of a success. */
  async rest(project: Project, method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`http://${this.host}/v3${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${project.apiToken}`,
        Project: project.project.id,
        "Content-Type": "application/json",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** The token of a new session of the owner. */
  async signIn(): Promise<string> {
    const response = await fetch(`http://${this.host}/v3/users/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: this.owner.email, password: this.owner.password }),
    });
    return ((await response.json()) as { token: string }).token;
  }

  /** The letters to somebody, oldest first: without a mail server they are shown to the operator. */
  letters(to: string): string[] {
    // The log has colours where it is told to.
    const plain = this.log.map((line) => line.replace(/\u001b\[[0-9;]*m/g, ""));
    return plain.filter((line) => line.includes("hand this letter on") && line.includes(`to="${to}"`));
  }

  /** Runs a command of the operator's beside the server, and returns what it prints. */
  async command(...words: string[]): Promise<unknown> {
    const { stdout } = await run(program, [...words, "--json", "--data", this.data], { env: this.environment });
    return JSON.parse(stdout);
  }

  private async serve(...flags: string[]): Promise<void> {
    const listen = `127.0.0.1:${this.port}`;
    const child = spawn(program, ["serve", "--listen", listen, "--data", this.data, ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
      env: this.environment,
    });
    this.child = child;
    this.port = await Promise.race([announced(child, this.log), ended(child)]);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
}

/** The URL of a new schema in the database of HARK_TEST_POSTGRES, which scripts/with-postgres starts. */
async function newSchema(): Promise<string> {
  const url = process.env.HARK_TEST_POSTGRES;
  if (!url) throw new Error("HARK_TEST_POSTGRES is not set: run the tests with scripts/with-postgres");
  const schema = `e2e_${randomUUID().replaceAll("-", "")}`;
  await run("psql", ["-q", url, "-c", `create schema ${schema}`]);
  return `${url}${url.includes("?") ? "&" : "?"}options=-c%20search_path%3D${schema}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves to the port that the server announces; both streams stay drained, into the log. */
function announced(child: ChildProcess, log: string[]): Promise<number> {
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream! }).on("line", (line) => {
        log.push(line);
        const port = /listening on http:\/\/[^ "]*:(\d+)/.exec(line)?.[1];
        if (port) resolve(Number(port));
      });
    }
  });
}

async function ended(child: ChildProcess): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`the server ended with ${code} before it announced its address`);
}
