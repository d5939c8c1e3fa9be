// What a project puts on the home screen besides conversations and flows.
import { isFields } from "../bridge/protocol";

/** A link of the home screen: to an address, to something that the site does, or to a tour. */
export interface HomeLink {
  title: string;
  url: string;
  newTab: boolean;
  action: string;
  tour: string;
}

const LINKS_MAX = 12;
const IMAGES_MAX = 5;

export function homeLinks(value: unknown): HomeLink[] {
  const text = (given: unknown) => (typeof given === "string" ? given : "");
  return (Array.isArray(value) ? value : [])
    .filter(isFields)
    .map((link) => ({
      title: text(link.title),
      url: /^https?:\/\//i.test(text(link.url)) ? text(link.url) : "",
      newTab: link.newTab !== false,
      action: text(link.action),
      tour: text(link.tour),
    }))
    .filter((link) => link.title && (link.url || link.action || link.tour))
    .slice(0, LINKS_MAX);
}

/** Addresses of pictures. */
export function images(value: unknown): string[] {
  const isImage = (address: unknown): address is string =>
    typeof address === "string" && /^(https?:\/\/|data:image\/)/i.test(address);
  return [...new Set((Array.isArray(value) ? value : []).filter(isImage))].slice(0, IMAGES_MAX);
}
