// The looks of the messenger, made of the project's colours: light or dark, and always readable.
import type { Fields } from "../bridge/protocol";
import { BLACK, WHITE, css, forWhite, inkOn, isDark, mix, parse, readable, type Rgb } from "../lib/colour";

const BRAND: Rgb = [29, 95, 209];
const DARK_GROUND: Rgb = [22, 24, 29];

/** What the style sheet is told: custom properties by name. */
export interface Look {
  isDark: boolean;
  properties: Record<string, string>;
  logo: string;
  /** An image behind the header of the home screen. */
  headerImage: string;
  /** Whether the header fades into the ground below it. */
  fades: boolean;
}

/** The looks that a project wants, for somebody who prefers dark or not. */
export function lookOf(config: Fields, prefersDark: boolean): Look {
  const scheme = config.colorScheme;
  const wanted = parse(config.backgroundColor) ?? WHITE;
  const dark = scheme === "dark" || (scheme === "auto" && prefersDark) || (scheme !== "light" && scheme !== "auto" && isDark(wanted));
  const pick = (name: string) => (dark ? (config[`dark${upper(name)}`] ?? config[name]) : config[name]);

  const ground = groundOf(config, wanted, dark);
  const accent = forWhite(parse(pick("color")) ?? BRAND);
  const ink = dark ? mix(ground, WHITE, 0.92) : mix(ground, [15, 19, 28], 0.94);
  const tint = (share: number) => mix(ground, ink, share);
  const card = dark ? mix(ground, WHITE, 0.05) : ground;
  const sunken = tint(dark ? 0.07 : 0.045);
  const grounds = [ground, card, sunken, tint(0.08)];
  const accentText = readable(accent, grounds, 4.6);
  const accentSoft = mix(ground, accent, dark ? 0.22 : 0.09);
  const bad = readable([200, 40, 40], grounds, 4.6);

  const header = forWhite(parse(pick("headerColor")) ?? accent);
  // The same settings make what SDKs show meanwhile flat or sharp.
  const isFlat = config.disableBGGradient === true;
  const fades = config.bgType !== "classic" && config.fadebg !== false && config.disableBGFade !== true;
  const header2 = forWhite((!isFlat && parse(pick("headerColor2"))) || header);
  const header3 = forWhite((!isFlat && parse(pick("headerColor3"))) || header2);
  const radius = Math.min(Math.max(Number(config.borderRadius ?? 20) || 0, 0), 24);

  return {
    isDark: dark,
    properties: {
      "--ground": css(ground),
      "--card": css(card),
      "--sunken": css(sunken),
      "--hover": css(tint(0.06)),
      "--pressed": css(tint(0.1)),
      "--line": css(tint(dark ? 0.14 : 0.1)),
      "--line-strong": css(readable(tint(0.3), [ground, card], 3.1)),
      "--ink": css(ink),
      "--soft": css(readable(tint(0.6), grounds, 4.7)),
      "--accent": css(accent),
      "--accent-hover": css(mix(accent, isDark(accent) ? WHITE : BLACK, 0.12)),
      "--on-accent": css(inkOn(accent)),
      "--accent-text": css(accentText),
      "--accent-soft": css(accentSoft),
      "--on-accent-soft": css(readable(accent, [accentSoft], 4.6)),
      "--focus": css(readable(accent, [ground, card], 3.1)),
      "--header": css(header),
      "--header-2": css(header2),
      "--header-3": css(header3),
      "--on-header": css(inkOnAll([header, header2, header3])),
      "--bad": css(bad),
      "--bad-solid": "#c8322b",
      "--bad-soft": css(mix(ground, [210, 50, 50], dark ? 0.2 : 0.08)),
      "--good": css(readable([30, 130, 76], grounds, 4.6)),
      "--radius": `${Math.round(radius * 0.7)}px`,
      "--shade": dark ? "rgb(0 0 0 / 45%)" : "rgb(18 24 40 / 9%)",
    },
    logo: image(pick("logo")),
    headerImage: config.bgType === "image" ? image(pick("bgImage")) : "",
    fades,
  };
}

function groundOf(config: Fields, wanted: Rgb, dark: boolean): Rgb {
  if (dark) return parse(config.darkBackgroundColor) ?? (isDark(wanted) ? wanted : DARK_GROUND);
  return parse(config.lightBackgroundColor) ?? (isDark(wanted) ? WHITE : wanted);
}

/** White or near black for a gradient: what reads better on its worst colour. */
function inkOnAll(grounds: Rgb[]): Rgb {
  const inks = grounds.map(inkOn);
  const whites = inks.filter((ink) => ink === WHITE).length;
  return inks[whites * 2 >= grounds.length ? inks.findIndex((ink) => ink === WHITE) : 0] ?? WHITE;
}

function image(value: unknown): string {
  return typeof value === "string" && /^(https?:\/\/|data:image\/)/i.test(value) ? value : "";
}

function upper(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Puts a look on the page. Values go through the style object, which strict policies allow. */
export function wear(look: Look, root: HTMLElement = document.documentElement): void {
  for (const [name, value] of Object.entries(look.properties)) root.style.setProperty(name, value);
  root.style.colorScheme = look.isDark ? "dark" : "light";
  root.dataset.theme = look.isDark ? "dark" : "light";
}
