// Pictures that were made here.

/** A file of a picture in a data URL. */
export function pictureFile(dataUrl: string): File {
  const [head = "", body = ""] = dataUrl.split(",");
  const type = /^data:(image\/[a-z+]+)/.exec(head)?.[1] ?? "image/png";
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  return new File([bytes], `picture.${type.slice("image/".length).replace("jpeg", "jpg")}`, { type });
}

/** A line that was drawn, by its points in pixels of the picture. */
export type Stroke = [number, number][];

/** Pixels of the longer side at most: more than a screen has helps nobody. */
const SIDE_MAX = 2560;
const RED = "#e0242a";

/** How large a picture is drawn. */
export function sizeOf(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Draws the picture with the lines on it, which have an edge so that they are seen on every ground. */
export function draw(canvas: HTMLCanvasElement, picture: CanvasImageSource, strokes: Stroke[]): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { width, height } = canvas;
  context.drawImage(picture, 0, 0, width, height);
  context.lineCap = context.lineJoin = "round";
  const line = Math.max(4, Math.max(width, height) / 150);
  for (const stroke of strokes) {
    context.beginPath();
    stroke.forEach(([x, y]) => context.lineTo(x, y));
    // A dot has no length, and is seen only when it has some.
    if (stroke.length === 1) context.lineTo(stroke[0]![0] + 0.1, stroke[0]![1]);
    for (const [style, by] of [
      ["#fff", 1.6],
      [RED, 1],
    ] as const) {
      context.strokeStyle = style;
      context.lineWidth = line * by;
      context.stroke();
    }
  }
}
