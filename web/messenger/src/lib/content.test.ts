// Whether there is something to see in HTML.
import { expect, test } from "vitest";
import { hasContent } from "./content";

test.each([
  "<p>x</p>",
  "x",
  '<p><img src="https://a.example/b.png" alt=""></p>',
  '<figure><video src="/v.mp4"></video></figure>',
  '<a title="a > b" href="#">x</a>',
  "<p>&lt;img&gt;</p>",
  "<p>&amp;nbsp;</p>",
  "<hr>",
])("%s shows something", (html) => expect(hasContent(html)).toBe(true));

test.each(["", "<p></p>", "<p>&nbsp;</p>", "<p> \n\u00a0\u200b</p><ul><li></li></ul>", '<p data-x="<img src=y>"></p>', "<p><br></p>", "<p><imgs></imgs></p>"])(
  "%s shows nothing",
  (html) => expect(hasContent(html)).toBe(false),
);
