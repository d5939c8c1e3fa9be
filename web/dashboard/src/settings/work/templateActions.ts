// What a message template does beside its text, as its editor has it: one value for each kind, and what it does not know kept.

/** The kinds that the editor knows, in the order in which it offers them. */
export const ACTIONS = ["close", "tag", "priority", "assign", "team", "snooze"] as const;
export type ActionKind = (typeof ACTIONS)[number];

/** A line of the editor; `value` is tags, a priority, a person, a team or hours. */
export interface ActionRow {
  kind: ActionKind | "other";
  value: string;
  /** What came from the server and the editor has no line for. */
  given?: { type: string; data?: unknown };
}

type Action = { type: string; data?: unknown };

/** The lines of a template's actions. */
export function rowsOf(actions: readonly Action[] | null | undefined): ActionRow[] {
  return (actions ?? []).map((action) => {
    const { type } = action;
    const data = (action.data ?? {}) as Record<string, unknown>;
    const other: ActionRow = { kind: "other", value: type, given: action };
    const text = (value: unknown) => (typeof value === "string" && value ? { kind: type as ActionKind, value } : other);
    switch (type) {
      // A status of its own is more than the editor can say.
      case "close":
        return data["status"] ? other : { kind: "close", value: "" };
      case "tag": {
        const tags = Array.isArray(data["tags"]) ? data["tags"] : [data["tag"]];
        return tags.length && tags.every((tag) => typeof tag === "string") ? { kind: "tag", value: tags.join(", ") } : other;
      }
      case "priority":
        return text(data["priority"]);
      case "assign":
        return text(data["user"]);
      case "team":
        return text(data["team"]);
      case "snooze":
        return Number(data["hours"]) > 0 ? { kind: "snooze", value: String(data["hours"]) } : other;
      default:
        return other;
    }
  });
}

/** The actions that the lines mean; lines without a value mean none. */
export function actionsOf(rows: readonly ActionRow[]): Action[] {
  return rows.flatMap((row): Action[] => {
    const value = row.value.trim();
    switch (row.kind) {
      case "other":
        return row.given ? [row.given] : [];
      case "close":
        return [{ type: "close" }];
      case "tag": {
        const tags = [...new Set(value.split(",").map((tag) => tag.trim()).filter(Boolean))];
        return tags.length ? [{ type: "tag", data: { tags } }] : [];
      }
      case "priority":
        return value ? [{ type: "priority", data: { priority: value } }] : [];
      case "assign":
        return value ? [{ type: "assign", data: { user: value } }] : [];
      case "team":
        return value ? [{ type: "team", data: { team: value } }] : [];
      case "snooze":
        return Number(value) > 0 ? [{ type: "snooze", data: { hours: Number(value) } }] : [];
    }
  });
}
