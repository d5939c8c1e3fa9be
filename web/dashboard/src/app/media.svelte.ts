// What of other hosts is shown: their pictures would tell them who looks, from where and when.
import { files } from "./files.svelte.ts";
import { isOurs } from "./ours.ts";

/** Whether a picture can be shown without a click. */
export function isOwn(address: string): boolean {
  return isOurs(address, [location.origin, files.origin], location.href);
}

/** The picture of a contact, which anybody can choose who says to be it: one of ours, or none. */
export function ownPicture(address: string | null | undefined): string | undefined {
  return address && isOwn(address) ? address : undefined;
}
