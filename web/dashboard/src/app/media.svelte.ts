// The hosts of this server, and what of others is shown: their pictures would tell them who looks, from where and when.
import { session } from "./session.svelte.ts";
import { isOurs } from "./ours.ts";

/** The origin of files; the usual one until the server has said it. */
let files = $state(`${location.protocol}//media.${location.host}`);
let asked = false;

/** Whether a picture can be shown without a click. */
export function isOwn(address: string): boolean {
  if (!asked) {
    asked = true;
    void session.api
      .get("/v3/server", { project: null })
      .then(({ urls }) => (files = new URL(urls.banner).origin))
      .catch(() => (asked = false));
  }
  return isOurs(address, [location.origin, files], location.href);
}

/** The picture of a contact, which anybody can choose who says to be it: one of ours, or none. */
export function ownPicture(address: string | null | undefined): string | undefined {
  return address && isOwn(address) ? address : undefined;
}
