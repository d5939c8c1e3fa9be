// Colours that people can read: what is made of the project's, with the contrasts that WCAG 2.2 asks for.

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

export const WHITE: Rgb = [255, 255, 255];
export const BLACK: Rgb = [0, 0, 0];

/** Reads `#RRGGBB`; anything else is no colour. */
export function parse(text: unknown): Rgb | undefined {
  if (typeof text !== "string" || !/^#[0-9a-f]{6}$/i.test(text)) return undefined;
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function css([red, green, blue]: Rgb): string {
  const hex = (part: number) => Math.round(part).toString(16).padStart(2, "0");
  return `#${hex(red)}${hex(green)}${hex(blue)}`;
}

/** Some of `over` (0 to 1) on `under`. */
export function mix(under: Rgb, over: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => under[index] + (over[index] - under[index]) * share;
  return [part(0), part(1), part(2)];
}

/** The relative luminance of WCAG. */
export function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export function isDark(colour: Rgb): boolean {
  return contrast(colour, WHITE) > contrast(colour, BLACK);
}

/** A ground for white text: a little darker, where white is nearly readable on it. */
export function forWhite(ground: Rgb): Rgb {
  const isNearly = contrast(ground, WHITE) >= 3.4;
  for (let share = 0; isNearly && share < 0.3; share += 0.02) {
    const darker = mix(ground, BLACK, share);
    if (contrast(darker, WHITE) >= 4.55) return darker;
  }
  return ground;
}

/** White or a near black, whichever reads better on a ground; white where it is good enough. */
export function inkOn(ground: Rgb): Rgb {
  const ink: Rgb = [16, 18, 24];
  const isWhiteGood = contrast(ground, WHITE) >= 4.5 || contrast(ground, WHITE) >= contrast(ground, ink);
  return isWhiteGood ? WHITE : ink;
}

/** The colour, moved towards black or white until it has this contrast on all the grounds. */
export function readable(colour: Rgb, grounds: Rgb[], wanted: number): Rgb {
  const goal = isDark(grounds[0] ?? WHITE) ? WHITE : BLACK;
  for (let share = 0; share < 1; share += 0.05) {
    const moved = mix(colour, goal, share);
    if (grounds.every((ground) => contrast(moved, ground) >= wanted)) return moved;
  }
  return goal;
}
