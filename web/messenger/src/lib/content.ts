// What there is to see in HTML of the server.

/** Elements that show something without a text in them. */
const SHOWN = /^<(img|video|audio|iframe|hr|table)\b/i;
/** A tag with its attributes, whose values may hold anything. */
const TAG = /<\/?[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;
/** What is there and cannot be seen. */
const UNSEEN = /(?:&nbsp;|&#160;|&#xa0;|&ZeroWidthSpace;|[\s\u00a0\u200b\ufeff])+/gi;

/** Whether there is something to see: a text, a picture, a film. Empty paragraphs are nothing. */
export function hasContent(html: string): boolean {
  const tags = html.match(TAG) ?? [];
  return tags.some((tag) => SHOWN.test(tag)) || html.replace(TAG, "").replace(UNSEEN, "") !== "";
}
