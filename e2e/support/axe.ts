// Looks for what people with disabilities could not use, with axe.
import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

/** Fails when axe finds a violation of WCAG 2.2 AA or of a good practice on the page as it is now. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Colours are measured when nothing moves any more.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => (one.effect?.getTiming().iterations === Infinity ? null : one.finished.catch(() => null)))));
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await (window as any).axe.run(document, { resultTypes: ["violations"] });
    return found.map((one: any) => `${one.id}: ${one.help} — ${one.nodes.map((node: any) => `${node.target.join(" ")} ${node.failureSummary.split("\n").slice(1).join(";")}`).join(" | ")}`);
  });
  expect(violations, what).toEqual([]);
}
