// The client's calls: addresses, headers, errors, second tries, aborts and time limits.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, createClient } from "../src/index";

const problem = (message: string) => JSON.stringify({ error: { message }, errors: [{ message }], message });

/** A server that answers each call with the next of these. */
function server(...answers: (Response | Error)[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const send = async (url: RequestInfo | URL, init: RequestInit = {}) => {
    calls.push({ url: String(url), init });
    const answer = answers.shift();
    if (answer instanceof Response) return answer;
    throw answer ?? new Error("one call too many");
  };
  return { calls, fetch: send as typeof fetch };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a call has its path, query, token and project", async () => {
  const { calls, fetch } = server(new Response("{}"));
  const api = createClient({ base: "http://hark/", fetch, token: () => "t", project: () => "p" });
  await api.get("/v3/tickets/{ticketId}", {
    path: { ticketId: "a/b" },
    query: { type: ["A", "B"], "seats>10": null, skip: undefined, q: "ä&" },
  });
  expect(calls[0]?.url).toBe("http://hark/v3/tickets/a%2Fb?type=A,B&seats%3E10&q=%C3%A4%26");
  expect(calls[0]?.init.headers).toMatchObject({ Authorization: "Bearer t", Project: "p" });
});

test("a call can be about another project, or none", async () => {
  const { calls, fetch } = server(new Response("[]"), new Response("[]"));
  const api = createClient({ fetch, project: () => "p" });
  await api.get("/v3/teams", { project: "q" });
  await api.get("/v3/organisations", { project: null });
  expect(calls[0]?.init.headers).toHaveProperty("Project", "q");
  expect(calls[1]?.init.headers).not.toHaveProperty("Project");
});

test("an answer tells what its headers say", async () => {
  const headers = { ETag: '"3"', "X-Total-Count": "41", "X-Next-Cursor": "c", "Hark-Ignored-Fields": "a, b" };
  const { calls, fetch } = server(new Response(JSON.stringify([{ id: "1" }]), { headers }));
  const answer = await createClient({ fetch }).call("put", "/v3/teams/{teamId}", {
    path: { teamId: "1" },
    body: { name: "Support" },
    ifMatch: '"2"',
  });
  expect(answer).toEqual({ data: [{ id: "1" }], etag: '"3"', total: 41, cursor: "c", ignored: ["a", "b"], status: 200 });
  expect(calls[0]?.init).toMatchObject({ method: "PUT", body: '{"name":"Support"}' });
  expect(calls[0]?.init.headers).toHaveProperty("If-Match", '"2"');
});

test("an error has the server's sentence and the field that it names", async () => {
  const body = problem("`name` is missing or empty");
  const { fetch } = server(new Response(body, { status: 400, headers: { "X-Request-Id": "r" } }));
  const failed = createClient({ fetch }).post("/v3/teams", { body: { name: "" } });
  const error: unknown = await failed.catch((error) => error);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ kind: "invalid", status: 400, field: "name", requestId: "r" });
  expect((error as ApiError).sentence).toBe("Name is missing or empty.");
});

test("an error has the word for programs that the server gives it", async () => {
  const body = JSON.stringify({ error: { code: "reauthenticate" }, message: "sign in again for this" });
  const { fetch } = server(new Response(body, { status: 403 }));
  await expect(createClient({ fetch }).get("/v3/teams")).rejects.toMatchObject({ kind: "forbidden", code: "reauthenticate" });
});

test("a page of a proxy is no sentence", async () => {
  const { fetch } = server(new Response("<html>Bad gateway</html>", { status: 500 }));
  await expect(createClient({ fetch }).get("/v3/teams")).rejects.toMatchObject({
    kind: "fault",
    message: "the server answered 500",
  });
});

test("what only reads is tried again, with the pause that the server asks for", async () => {
  const busy = new Response(problem("too many calls"), { status: 429, headers: { "Retry-After": "2" } });
  const { calls, fetch } = server(new TypeError("no network"), busy, new Response("[]"));
  const answer = createClient({ fetch }).get("/v3/teams");
  await vi.advanceTimersByTimeAsync(500);
  expect(calls).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1_600);
  expect(calls).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(400);
  expect(await answer).toEqual([]);
});

test("a long pause is the user's to wait", async () => {
  const busy = new Response(problem("too many calls"), { status: 429, headers: { "Retry-After": "60" } });
  const { calls, fetch } = server(busy);
  await expect(createClient({ fetch }).get("/v3/teams")).rejects.toMatchObject({ kind: "limited", retryAfter: 60 });
  expect(calls).toHaveLength(1);
});

test("what changes something is never tried again", async () => {
  const { calls, fetch } = server(new TypeError("no network"));
  const failed = createClient({ fetch }).post("/v3/teams", { body: { name: "x" } });
  await expect(failed).rejects.toMatchObject({ kind: "offline", status: 0 });
  expect(calls).toHaveLength(1);
});

/** A server that never answers, but hears of aborts. */
const silent = ((_: unknown, init: RequestInit) =>
  new Promise((_, failed) => init.signal?.addEventListener("abort", () => failed(init.signal?.reason)))) as typeof fetch;

test("an abort ends the call with its reason", async () => {
  const leaving = new AbortController();
  const answer = createClient({ fetch: silent }).get("/v3/teams", { signal: leaving.signal });
  leaving.abort(new Error("left"));
  await expect(answer).rejects.toThrow("left");
});

test("an abort ends the pause before another try", async () => {
  const { calls, fetch } = server(new TypeError("no network"));
  const leaving = new AbortController();
  const answer = createClient({ fetch }).get("/v3/teams", { signal: leaving.signal });
  await vi.advanceTimersByTimeAsync(1);
  leaving.abort(new Error("left"));
  await expect(answer).rejects.toThrow("left");
  expect(calls).toHaveLength(1);
});

test("a call ends when its time is over", async () => {
  const answer = createClient({ fetch: silent }).post("/v3/teams", { body: { name: "x" }, timeout: 100 });
  const failed = expect(answer).rejects.toMatchObject({ kind: "timeout" });
  await vi.advanceTimersByTimeAsync(100);
  await failed;
});

test("a token that ended is told once per call, a missing one never", async () => {
  const refused = () => new Response(problem("the api key is wrong"), { status: 401 });
  const told: string[] = [];
  const onUnauthenticated = (error: ApiError) => told.push(error.message);
  const { fetch } = server(refused(), refused());
  await createClient({ fetch, token: () => "old", onUnauthenticated }).get("/v3/teams").catch(() => {});
  await createClient({ fetch, onUnauthenticated }).get("/v3/teams").catch(() => {});
  expect(told).toEqual(["the api key is wrong"]);
});
