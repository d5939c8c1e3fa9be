import { describe, expect, it } from "vitest";
import { documentOf, filled, imageAddress, isEmpty, linkAddress, linked, marksOf, plainOf, remains } from "./rich.ts";

describe("addresses", () => {
  it("follows only those that cannot run anything", () => {
    expect(linkAddress("https://example.com")).toBe("https://example.com");
    expect(linkAddress("mailto:ada@example.com")).toBe("mailto:ada@example.com");
    for (const bad of ["javascript:alert(1)", " JAVASCRIPT:alert(1)", "data:text/html,x", "//example.com", 7, null]) {
      expect(linkAddress(bad)).toBeUndefined();
    }
    expect(imageAddress("/media/a/b.png")).toBe("/media/a/b.png");
    expect(imageAddress("//example.com/a.png")).toBeUndefined();
    expect(marksOf({ type: "text", marks: [{ type: "bold" }, { type: "link", attrs: { href: "javascript:1" } }] })).toEqual([
      { type: "bold", href: undefined },
    ]);
  });

  it("finds them in a text without the stop behind them", () => {
    expect(linked("see https://example.com/a?b=1. Or www.example.org!")).toEqual([
      { text: "see " },
      { text: "https://example.com/a?b=1", href: "https://example.com/a?b=1" },
      { text: ". Or " },
      { text: "www.example.org", href: "https://www.example.org" },
      { text: "!" },
    ]);
  });
});

describe("documents", () => {
  const document = documentOf("Hello {{contact.name}}\nline two\n\nBye {{unknown}}");

  it("become plain text and are made of it", () => {
    expect(plainOf(document)).toBe("Hello {{contact.name}}\nline two\nBye {{unknown}}");
    expect(plainOf(filled(document, { "contact.name": "Ada" }))).toBe("Hello Ada\nline two\nBye {{unknown}}");
  });

  it("are empty without text or pictures", () => {
    expect(isEmpty({ type: "doc", content: [{ type: "paragraph" }] })).toBe(true);
    expect(isEmpty({ type: "doc", content: [{ type: "image", attrs: { src: "/a.png" } }] })).toBe(false);
    expect(isEmpty(null)).toBe(true);
    expect(isEmpty("x")).toBe(false);
  });
});

describe("remains", () => {
  const sent = { text: "Thank you for writing", attachments: [{ url: "/a" }] };
  it("knows an earlier state of what was sent", () => {
    expect(remains({ comment: documentOf("Thank you") }, sent)).toBe(true);
    expect(remains({ comment: documentOf("Thank you for writing"), attachments: [{ url: "/a" }] }, sent)).toBe(true);
  });
  it("leaves another text, or another file, alone", () => {
    expect(remains({ comment: documentOf("Next words") }, sent)).toBe(false);
    expect(remains({ comment: documentOf("Thank you for writing, Ada") }, sent)).toBe(false);
    expect(remains({ comment: documentOf("Thank you"), attachments: [{ url: "/b" }] }, sent)).toBe(false);
  });
});
