// Tokens of file sessions stay with our own media host.
import { expect, test } from "vitest";
import { fileOf, opened } from "./fileaddress.ts";

const FILE = "https://media.hark.example/media/ASNFZ4mrze8BI0Vn_______________-___________/a.png";
const TOKEN = { origin: "https://media.hark.example", required: true, token: "a-b_c", expiresAt: "2026-01-01T00:45:00.000Z" };

test("an address names the project of its file", () => {
  expect(fileOf(FILE)).toEqual({ project: "0123456789abcdef01234567" });
  for (const other of ["", "/media/x", "https://media.hark.example/media/short/a.png", "https://cdn.example/pictures/a.png"]) {
    expect(fileOf(other), other).toBeUndefined();
  }
});

test("only addresses of the media host get the token", () => {
  expect(opened(FILE, TOKEN)).toBe(`${FILE}?fileSession=a-b_c`);
  expect(opened(`${FILE}?remote=true`, TOKEN)).toBe(`${FILE}?remote=true&fileSession=a-b_c`);
  expect(opened(`${FILE}?fileSession=old`, TOKEN)).toBe(`${FILE}?fileSession=a-b_c`);
  for (const foreign of [
    FILE.replace("media.hark.example", "media.hark.example.evil.example"),
    FILE.replace("media.hark.example", "hark.example"),
    FILE.replace("https:", "http:"),
    FILE.replace("media.hark.example", "media.hark.example:8443"),
    FILE.replace("https://", "https://media.hark.example@evil.example/"),
    "not an address",
  ]) {
    expect(opened(foreign, TOKEN), foreign).toBe(foreign);
  }
  expect(opened(FILE, { origin: TOKEN.origin, required: false })).toBe(FILE);
});
