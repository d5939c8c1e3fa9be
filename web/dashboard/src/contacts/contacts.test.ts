import { describe, expect, it } from "vitest";
import { chosen, columnsOf, filterFields, observed, valueAt } from "./columns.ts";
import { guessed, isGuest, nameOf, typedLike, type Contact } from "./contact.ts";
import { preview, renamed, targetOf, written } from "./csv.ts";
import { Pages } from "./pages.ts";

const contact = (id: string, more: object = {}) => ({ id, customData: {}, eventData: {}, tags: [], ...more }) as unknown as Contact;

describe("a contact", () => {
  it("is called by what is known of it", () => {
    expect(nameOf(contact("abcdef", { name: "Ann", email: "a@x" }), "Guest")).toBe("Ann");
    expect(nameOf(contact("abcdef", { email: "a@x" }), "Guest")).toBe("a@x");
    expect(nameOf(contact("abcdef"), "Guest")).toBe("Guest cdef");
    expect([isGuest(contact("a")), isGuest(contact("a", { userId: "1" }))]).toEqual([true, false]);
  });

  it("keeps the kind of its values when they are typed anew", () => {
    expect(["5", "x", "", " false "].map((text) => typedLike(text, 3))).toEqual([5, "x", null, "false"]);
    expect(typedLike("FALSE", true)).toBe(false);
    expect(typedLike("5", "4")).toBe("5");
    expect(["12", "1.5", "007", "+49 30", "true", "x"].map(guessed)).toEqual([12, 1.5, "007", "+49 30", true, "x"]);
  });

  it("has values at paths, custom names with dots included", () => {
    const one = contact("a", { customData: { "a.b": 1, c: { d: 2 } }, lastPageView: { page: "/x" } });
    expect(["customData.a.b", "customData.c.d", "lastPageView.page", "name.first", "absent"].map((path) => valueAt(one, path))).toEqual([1, 2, "/x", undefined, undefined]);
  });
});

describe("columns and filters", () => {
  it("have the name first, and keep what is not known any more", () => {
    const all = columnsOf(["tier"]);
    expect(chosen(["plan", "customData.tier", "name", "customData.gone"], all).map((column) => column.id)).toEqual(["name", "plan", "customData.tier", "customData.gone"]);
  });

  it("learn custom properties and events from contacts", () => {
    const seen = [
      contact("a", { plan: "pro", customData: { seats: 3, tier: "gold", trial: true }, eventData: { paid: {}, "odd.name": {} } }),
      contact("b", { plan: "free", customData: { tier: "silver", seats: 1 }, tags: ["vip"] }),
    ];
    expect(observed(seen, "customData")).toEqual(["seats", "tier", "trial"]);
    const fields = new Map(filterFields(seen, observed(seen, "customData")).map((field) => [field.path, field]));
    expect(["customData.seats", "customData.tier", "customData.trial", "plan", "tags", "eventData.paid.last"].map((path) => fields.get(path)?.kind)).toEqual(["number", "choice", "bool", "choice", "list", "date"]);
    expect(fields.get("plan")?.options?.map((option) => option.value)).toEqual(["free", "pro"]);
    expect([...fields.keys()].some((path) => path.includes("odd"))).toBe(false);
  });
});

describe("pages", () => {
  const answers = () => {
    const asked: number[] = [];
    const failing = new Set<number>();
    const all = Array.from({ length: 250 }, (_, at) => ({ id: `c${at}` }));
    let errors = 0;
    const pages = new Pages<{ id: string; v?: number }>({
      load: async (skip, limit, signal) => {
        asked.push(skip);
        await Promise.resolve();
        signal.throwIfAborted();
        if (failing.has(skip)) throw new Error("no");
        return { entries: all.slice(skip, skip + limit), total: all.length };
      },
      onchange: () => undefined,
      onerror: () => (errors += 1),
      kept: 2,
    });
    return { pages, asked, failing, errors: () => errors };
  };
  const settle = () => new Promise((done) => setTimeout(done));

  it("load what is seen, once, and forget what is far", async () => {
    const { pages, asked } = answers();
    pages.want(0, 30);
    pages.want(0, 40);
    await settle();
    expect([asked, pages.total, pages.at(7)?.id, pages.at(120)]).toEqual([[0], 250, "c7", undefined]);
    pages.want(90, 120);
    await settle();
    pages.want(210, 400);
    await settle();
    expect(asked).toEqual([0, 100, 200]);
    expect([pages.at(7), pages.at(150)?.id, pages.at(249)?.id, pages.at(250)]).toEqual([undefined, "c150", "c249", undefined]);
  });

  it("give up what is passed over", async () => {
    const { pages } = answers();
    pages.want(0, 30);
    await settle();
    pages.want(100, 130);
    pages.want(200, 230);
    await settle();
    expect([pages.at(100), pages.at(200)?.id]).toEqual([undefined, "c200"]);
  });

  it("change, remove and put back", async () => {
    const { pages, asked } = answers();
    pages.want(90, 110);
    await settle();
    await settle();
    pages.put({ id: "c95", v: 2 });
    expect(pages.find("c95")?.v).toBe(2);
    const back = pages.remove("c95");
    expect([pages.total, pages.indexOf("c95"), pages.at(95)?.id, pages.at(100)]).toEqual([249, -1, "c96", undefined]);
    back();
    expect([pages.total, pages.indexOf("c95"), pages.at(100)?.id]).toEqual([250, 95, "c100"]);
    expect(pages.remove("unknown")()).toBeUndefined();
    asked.length = 0;
    await pages.refresh();
    expect(asked).toEqual([0, 100]);
  });

  it("tell what failed, and try again when it is wanted again", async () => {
    const { pages, failing, errors } = answers();
    failing.add(0);
    pages.want(0, 10);
    await settle();
    failing.clear();
    pages.want(0, 10);
    await settle();
    expect([errors(), pages.at(0)?.id]).toEqual([1, "c0"]);
  });
});

describe("a file of contacts", () => {
  it("is shown with its head and first rows", () => {
    const read = preview('\uFEFFE-Mail;"Full; name";Team\r\n"a@x";"Ann ""A""\nB";1\n;;\nb@x;Bob;2\n');
    expect(read).toMatchObject({ separator: ";", head: ["E-Mail", "Full; name", "Team"], rows: [["a@x", 'Ann "A"\nB', "1"], ["b@x", "Bob", "2"]] });
    expect(preview("\n")).toBeUndefined();
    expect(preview("email")?.rows).toEqual([]);
  });

  it("gets other names for its columns and stays as it is otherwise", async () => {
    const text = "\uFEFFMail,Größe\nann@x,5\n";
    const file = new Blob([text]);
    const read = preview(text)!;
    expect(await renamed(file, read, ["email", 'si"ze,x']).text()).toBe('email,"si""ze,x"\nann@x,5\n');
    expect(written(["a", "b;c"], ";")).toBe('a;"b;c"\n');
  });

  it("has columns that become properties", () => {
    expect(["E-Mail", "email address", "External ID", "user_id", "Company", "Seats"].map(targetOf)).toEqual(["email", "email", "userId", "userId", "companyName", undefined]);
  });
});
