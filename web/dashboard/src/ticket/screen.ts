// Which pictures, pages and files of a ticket there are to show.
import { asText } from "./console.ts";
import { webAddress } from "./facts.ts";

/** The screen of a report. */
export interface Screen {
  /** The address of a picture. */
  picture: string | undefined;
  /** The address of the captured page, which the media host shows without its scripts. */
  page: string | undefined;
  /** The picture is still being made. */
  drawing: boolean;
  /** No picture could be made. */
  failed: boolean;
}

export interface ReportFile {
  url: string;
  name: string;
  kind: "image" | "video" | "file";
}

type Ticket = Record<string, unknown>;

/** The screen of a ticket; until a picture is made, its address is the page's. */
export function screenOf(ticket: Ticket): Screen {
  const page = webAddress(asText(ticket["screenshotDataUrl"]));
  const shot = webAddress(asText(ticket["screenshotUrl"]));
  return {
    picture: shot === page ? undefined : shot,
    page,
    drawing: ticket["generatingScreenshot"] === true,
    failed: ticket["screenshotRenderingFailed"] === true,
  };
}

/** Recordings of the screen and attachments. */
export function filesOf(ticket: Ticket): ReportFile[] {
  const recording = webAddress(asText(ticket["screenRecordingUrl"]));
  const attached = Array.isArray(ticket["attachments"]) ? (ticket["attachments"] as unknown[]) : [];
  const files = attached.flatMap((raw): ReportFile[] => {
    const { url, name, type } = (raw ?? {}) as Record<string, unknown>;
    const address = webAddress(asText(url));
    return address && address !== recording ? [{ url: address, name: asText(name), kind: kindOf(asText(type), asText(name)) }] : [];
  });
  return recording ? [{ url: recording, name: "", kind: "video" }, ...files] : files;
}

function kindOf(type: string, name: string): ReportFile["kind"] {
  if (/^image\/(?!svg)/i.test(type) || /\.(png|jpe?g|gif|webp|avif)$/i.test(name)) return "image";
  if (/^video\//i.test(type) || /\.(webm|mp4|mov)$/i.test(name)) return "video";
  return "file";
}

/** Whether there is a replay to play. */
export function hasReplay(ticket: Ticket): boolean {
  return asText(ticket["replayDataUrl"]) !== "";
}

/** The origin of the media host, told by the address of what it stores. */
export function mediaOriginOf(ticket: Ticket): string | undefined {
  const address = webAddress(asText(ticket["replayDataUrl"]) || asText(ticket["screenshotDataUrl"]));
  return address && new URL(address).origin;
}

/** The size of the device's screen in points, if the SDK sent it. */
export function screenSizeOf(ticket: Ticket): { width: number; height: number } | undefined {
  const { screenWidth, screenHeight } = (ticket["metaData"] ?? {}) as Record<string, unknown>;
  const [width, height] = [Number(screenWidth), Number(screenHeight)];
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** The size of the window in which a page was captured, in its own pixels. */
export function windowSizeOf(ticket: Ticket): { width: number; height: number } | undefined {
  const { innerWidth, innerHeight } = (ticket["metaData"] ?? {}) as Record<string, unknown>;
  const [width, height] = [Number(innerWidth), Number(innerHeight)];
  const plausible = (length: number) => length >= 100 && length <= 10_000;
  return plausible(width) && plausible(height) ? { width, height } : undefined;
}

/** By how much something is made smaller so that all of it shows in a room; never larger than it is. */
export function fitted(size: { width: number; height: number }, room: { width: number; height: number }): number {
  return Math.max(0.05, Math.min(1, room.width / size.width, room.height / size.height));
}

/** The address of the page that was reported from. */
export function pageOf(ticket: Ticket): string | undefined {
  return webAddress(asText(((ticket["metaData"] ?? {}) as Record<string, unknown>)["currentUrl"]));
}
