// What can be asked about a ticket in the conditions of policies and workflows.
import { statusOptions, typeTitle } from "../app/ticketTypes.ts";
import type { FilterField } from "../filters/fields.ts";
import { t } from "./texts.ts";

/** What is needed of a ticket type. */
export interface TypeOfTickets {
  type?: string | null;
  title?: string | null;
  lanes?: readonly { id?: string | null; title?: string | null }[] | null;
}

/** The fields, with the ticket types and tags that are known. */
export function ticketFields(types: readonly TypeOfTickets[]): FilterField[] {
  const known = types.length ? types : [{ type: "BUG" }, { type: "INQUIRY" }];
  return [
    {
      path: "type",
      label: t("field.type"),
      kind: "choice",
      group: t("field.ticket"),
      options: known.map((one) => ({ value: one.type ?? "", label: typeTitle(one.type ?? "", one.title) })),
    },
    { path: "status", label: t("field.status"), kind: "choice", group: t("field.ticket"), options: statusOptions(types) },
    {
      path: "priority",
      label: t("field.priority"),
      kind: "choice",
      group: t("field.ticket"),
      options: (["LOW", "MEDIUM", "HIGH"] as const).map((value) => ({ value, label: t(`field.${value}`) })),
    },
    { path: "tags", label: t("field.tags"), kind: "list", group: t("field.ticket") },
    { path: "title", label: t("field.title"), kind: "text", group: t("field.ticket") },
    { path: "session.plan", label: t("field.plan"), kind: "text", group: t("field.contact") },
    { path: "session.email", label: t("field.email"), kind: "text", group: t("field.contact") },
    { path: "session.companyName", label: t("field.company"), kind: "text", group: t("field.contact") },
    { path: "session.value", label: t("field.value"), kind: "number", group: t("field.contact") },
  ];
}
