// The properties of tickets that people can filter on.
import type { FilterField } from "../filters/fields.ts";
import { kindsOf, lanesOf, PRIORITIES } from "./kinds.ts";
import type { Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import { nameOf } from "./types.ts";

/** Every property, with what it can be. */
export function fieldsOf(inbox: Inbox): FilterField[] {
  const ticket = t("fields.ticket");
  const times = t("fields.times");
  const people = inbox.members.filter((member) => member.userType !== "service_account");
  const lanes = new Map(kindsOf(inbox).flatMap((kind) => lanesOf(inbox, kind.id).map((lane) => [lane.id, lane.title] as const)));
  const fields: FilterField[] = [
    { path: "status", label: t("field.status"), kind: "choice", group: ticket, options: [...lanes].map(([value, label]) => ({ value, label })) },
    { path: "type", label: t("field.type"), kind: "choice", group: ticket, options: kindsOf(inbox).map((kind) => ({ value: kind.id, label: kind.title })) },
    { path: "priority", label: t("field.priority"), kind: "choice", group: ticket, options: PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) })) },
    { path: "processingUser", label: t("field.assignee"), kind: "choice", group: ticket, options: people.map((one) => ({ value: one.id, label: nameOf(one), hint: one.email })) },
    { path: "processingTeam", label: t("field.team"), kind: "choice", group: ticket, options: inbox.teams.map((team) => ({ value: team.id, label: team.name ?? "" })) },
    { path: "tags", label: t("field.tags"), kind: "list", group: ticket, options: [...inbox.tags].sort().map((tag) => ({ value: tag, label: tag })) },
    { path: "title", label: t("field.title"), kind: "text", group: ticket },
    { path: "bugId", label: t("field.number"), kind: "number", group: ticket },
    { path: "messagesCount", label: t("field.messages"), kind: "number", group: ticket },
    { path: "conversationRating", label: t("field.rating"), kind: "number", group: ticket },
    { path: "notificationsUnread", label: t("field.unread"), kind: "bool", group: ticket },
    { path: "hasAgentReply", label: t("field.answered"), kind: "bool", group: ticket },
    { path: "slaBreached", label: t("field.late"), kind: "bool", group: ticket },
    { path: "snoozed", label: t("field.snoozed"), kind: "bool", group: ticket },
    { path: "archived", label: t("field.archived"), kind: "bool", group: ticket },
    { path: "isSpam", label: t("field.spam"), kind: "bool", group: ticket },
    { path: "createdAt", label: t("field.created"), kind: "date", group: times },
    { path: "lastNotification", label: t("field.lastActivity"), kind: "date", group: times },
    { path: "firstAgentReplyAt", label: t("field.firstReply"), kind: "date", group: times },
    { path: "closedAt", label: t("field.closed"), kind: "date", group: times },
    { path: "snoozedUntil", label: t("field.snoozedUntil"), kind: "date", group: times },
    { path: "dueDate", label: t("field.due"), kind: "date", group: times },
  ];
  for (const property of inbox.properties) {
    if (!property.fieldId || property.targetSource === "session") continue;
    const options = property.options?.map((option) => ({ value: String(option.value ?? ""), label: String(option.label ?? option.value ?? "") }));
    const kind = options?.length ? "choice" : property.type === "number" ? "number" : "text";
    fields.push({ path: `formData.${property.fieldId}`, label: property.label ?? property.fieldId, kind, group: t("fields.form"), ...(options && { options }) });
  }
  return fields;
}
