// An OpenID Connect provider of a company, as strict as real ones: it knows one client, checks its secret, the
// redirect address and PKCE, and gives each code away once.
import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Person {
  sub: string;
  email: string;
  name: string;
}

interface Grant {
  person: Person;
  challenge: string;
  nonce: string;
  redirect: string;
}

export class Provider {
  readonly clientId = "hark";
  readonly clientSecret = randomBytes(24).toString("base64url");
  /** Who signs in at the provider next; nobody refuses. */
  person: Person | undefined;
  redirectUri = "";
  private readonly grants = new Map<string, Grant>();
  private readonly key: KeyObject;
  private readonly jwk: object;
  private readonly server: Server;

  private constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.key = privateKey;
    this.jwk = { ...publicKey.export({ format: "jwk" }), kid: "one", use: "sig", alg: "RS256" };
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(): Promise<Provider> {
    const provider = new Provider();
    await new Promise<void>((done) => provider.server.listen(0, "127.0.0.1", done));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.issuer);
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return json(200, {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
          code_challenge_methods_supported: ["S256"],
          token_endpoint_auth_methods_supported: ["client_secret_basic"],
        });
      case "/keys":
        return json(200, { keys: [this.jwk] });
      case "/authorize":
        return this.authorize(url.searchParams, response);
      case "/token":
        return json(...this.token(request, await read(request)));
      default:
        return json(404, {});
    }
  }

  private authorize(ask: URLSearchParams, response: ServerResponse): void {
    const redirect = ask.get("redirect_uri") ?? "";
    const [challenge, nonce] = [ask.get("code_challenge") ?? "", ask.get("nonce") ?? ""];
    const fits =
      ask.get("client_id") === this.clientId &&
      redirect === this.redirectUri &&
      ask.get("response_type") === "code" &&
      ask.get("code_challenge_method") === "S256" &&
      (ask.get("scope") ?? "").split(" ").includes("openid") &&
      challenge !== "" &&
      nonce !== "";
    // A request that is not ours is never sent on to the address that it names.
    if (!fits) return void response.writeHead(400).end("this request is wrong");
    const back = new URL(redirect);
    back.searchParams.set("state", ask.get("state") ?? "");
    if (this.person) {
      const code = randomBytes(16).toString("hex");
      this.grants.set(code, { person: this.person, challenge, nonce, redirect });
      back.searchParams.set("code", code);
    } else {
      back.searchParams.set("error", "access_denied");
    }
    response.writeHead(302, { Location: back.href }).end();
  }

  private token(request: IncomingMessage, body: URLSearchParams): [number, unknown] {
    const basic = `Basic ${Buffer.from(`${this.clientId}:${this.clientSecret}`).toString("base64")}`;
    if (request.headers.authorization !== basic) return [401, { error: "invalid_client" }];
    const code = body.get("code") ?? "";
    const grant = this.grants.get(code);
    this.grants.delete(code);
    const verifier = createHash("sha256").update(body.get("code_verifier") ?? "").digest("base64url");
    if (!grant || grant.challenge !== verifier || grant.redirect !== body.get("redirect_uri")) return [400, { error: "invalid_grant" }];
    const now = Math.floor(Date.now() / 1000);
    const claims = { ...grant.person, iss: this.issuer, aud: this.clientId, nonce: grant.nonce, iat: now, exp: now + 300, email_verified: true };
    return [200, { access_token: randomBytes(16).toString("hex"), token_type: "Bearer", expires_in: 300, id_token: this.signed(claims) }];
  }

  private signed(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", kid: "one", typ: "JWT" })}.${part(claims)}`;
    return `${text}.${createSign("RSA-SHA256").update(text).sign(this.key, "base64url")}`;
  }
}

async function read(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}
