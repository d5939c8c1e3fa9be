// Agents' pages with the unmodified pusher-js: what changes, who is there, and no loss over restarts.
import { Agent } from "../support/agent.ts";
import { expect, test } from "../support/test.ts";

test("pusher-js follows a project and misses nothing when the server restarts", async ({ hark, project }) => {
  const agent = new Agent(hark, project);
  await agent.follow();
  const ids: string[] = [];
  const create = async () => {
    const team = await hark.rest(project, "POST", "/teams", { name: `Team ${ids.length}` });
    ids.push(team.id);
  };
  for (let n = 0; n < 20; n++) await create();
  await expect.poll(() => agent.changes.length).toBe(20);
  for (let restart = 0; restart < 3; restart++) {
    await hark.restart();
    for (let n = 0; n < 20; n++) await create();
  }
  await expect.poll(() => agent.changes.length, { timeout: 30_000 }).toBe(ids.length);
  expect(agent.changes.map((change) => change.id)).toEqual(ids);
  expect(agent.changes.map((change) => change.seq)).toEqual(ids.map((_, at) => at + 1));
  expect(agent.resets).toEqual([]);
  agent.leave();
});

test("pusher-js sees who looks at a ticket and who types", async ({ hark, project }) => {
  const ticket = await hark.rest(project, "POST", "/tickets", { title: "A question" });
  const [first, second] = [new Agent(hark, project), new Agent(hark, project)];
  const [here, there] = [await first.join(ticket.id), await second.join(ticket.id)];
  expect(here.members.count).toBe(1);
  const typed = new Promise((done) => there.bind("client-typing", (data: unknown, from: unknown) => done([data, from])));
  expect(here.trigger("client-typing", { typing: true })).toBe(true);
  expect(await typed).toEqual([{ typing: true }, { user_id: here.members.me.id }]);
  const viewed = new Promise((done) => there.bind("client-viewing", done));
  await hark.rest(project, "POST", `/tickets/${ticket.id}/viewing`, { viewing: true });
  expect(await viewed).toEqual({ viewing: true });
  first.leave();
  second.leave();
});

test("pusher-js stays away from a key that no project has", async ({ hark, project }) => {
  const agent = new Agent(hark, { ...project, sdkKey: "no-such-key" });
  await expect.poll(() => agent.state).toBe("disconnected");
  agent.leave();
});
