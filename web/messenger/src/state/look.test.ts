// Whatever colours a project chooses, texts stay readable.
import { expect, test } from "vitest";
import { contrast, css, inkOn, isDark, parse, readable, WHITE, type Rgb } from "../lib/colour";
import { lookOf } from "./look";

const colour = (text: string | undefined): Rgb => {
  const parsed = parse(text);
  if (!parsed) throw new Error(`no colour: ${text}`);
  return parsed;
};

/** What is read on what, with the contrast of WCAG 2.2 AA. */
const PAIRS: [string, string, number][] = [
  ["--ink", "--ground", 4.5],
  ["--ink", "--sunken", 4.5],
  ["--soft", "--ground", 4.5],
  ["--soft", "--card", 4.5],
  ["--soft", "--sunken", 4.5],
  ["--soft", "--hover", 4.5],
  ["--accent-text", "--ground", 4.5],
  ["--accent-text", "--card", 4.5],
  ["--on-accent", "--accent", 4.5],
  ["--on-accent-soft", "--accent-soft", 4.5],
  ["--bad", "--ground", 4.5],
  ["--good", "--card", 4.5],
  ["--line-strong", "--card", 3],
  ["--focus", "--ground", 3],
];

const PRIMARY = ["#1d5fd1", "#ffffff", "#000000", "#ffe600", "#00ff88", "#777777", "#ff0000", "#123456", "#f5c2e7"];
const GROUNDS = ["#ffffff", "#000000", "#101418", "#fff6e5", "#1f2937", "#8a8a8a"];

test.each(PRIMARY.flatMap((color) => GROUNDS.map((backgroundColor) => [color, backgroundColor])))(
  "%s on %s is readable",
  (color, backgroundColor) => {
    for (const prefersDark of [true, false]) {
      for (const colorScheme of ["auto", "light", "dark", undefined]) {
        const { properties } = lookOf({ color, headerColor: color, backgroundColor, colorScheme }, prefersDark);
        for (const [ink, ground, wanted] of PAIRS) {
          const [one, other] = [colour(properties[ink]), colour(properties[ground])];
          expect(contrast(one, other), `${ink} ${css(one)} on ${ground} ${css(other)}`).toBeGreaterThanOrEqual(wanted);
        }
      }
    }
  },
);

test("light or dark is the project's choice, or the visitor's where it lets them", () => {
  const dark = (config: object, prefersDark: boolean) => lookOf({ ...config }, prefersDark).isDark;
  expect(dark({}, true)).toBe(false);
  expect(dark({ backgroundColor: "#101010" }, false)).toBe(true);
  expect(dark({ colorScheme: "auto" }, true)).toBe(true);
  expect(dark({ colorScheme: "auto", backgroundColor: "#101010" }, false)).toBe(false);
  expect(dark({ colorScheme: "dark" }, false)).toBe(true);
  expect(dark({ colorScheme: "light", backgroundColor: "#101010" }, true)).toBe(false);
});

test("the dark colours and images of a project count in the dark", () => {
  const config = { colorScheme: "dark", color: "#aa0000", darkColor: "#00aa00", logo: "https://x/l.png", darkLogo: "https://x/d.png" };
  expect(lookOf(config, false).properties["--accent"]).toBe("#00aa00");
  expect(lookOf(config, false).logo).toBe("https://x/d.png");
  expect(lookOf({ ...config, colorScheme: "light" }, false).logo).toBe("https://x/l.png");
  expect(lookOf({ logo: "javascript:alert(1)" }, false).logo).toBe("");
});

test("colours are six digits and nothing else", () => {
  expect(parse("#fff")).toBeUndefined();
  expect(parse("red")).toBeUndefined();
  expect(parse(5)).toBeUndefined();
  expect(isDark(WHITE)).toBe(false);
  expect(inkOn(colour("#ffe600"))).not.toBe(WHITE);
  expect(contrast(readable(colour("#ffe600"), [WHITE], 4.5), WHITE)).toBeGreaterThanOrEqual(4.5);
});

test("the header is flat and sharp where the project wants it", () => {
  const colours = { headerColor: "#103050", headerColor2: "#205070", headerColor3: "#307090" };
  const of = (config: Record<string, unknown>) => lookOf({ ...colours, ...config }, false);
  expect(of({}).fades).toBe(true);
  for (const config of [{ bgType: "classic" }, { fadebg: false }, { disableBGFade: true }]) expect(of(config).fades).toBe(false);
  expect(of({}).properties["--header-3"]).not.toBe(of({}).properties["--header"]);
  const { properties } = of({ disableBGGradient: true });
  expect(properties["--header-3"]).toBe(properties["--header"]);
});
