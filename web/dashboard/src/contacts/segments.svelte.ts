// Segments: filters of contacts with a name, kept on the server for one or for all.
import { ApiError } from "@hark/api-client";
import { toasts } from "@hark/ui";
import { whyOf } from "../app/failures.ts";
import { api } from "../app/session.svelte.ts";
import type { Conditions } from "../filters/conditions.ts";
import { t } from "./text.ts";

/** A segment as the API answers it. */
export interface Segment {
  id: string;
  name: string;
  conditions: Conditions;
  sortBy?: string;
  columns: string[];
  isPublic: boolean;
  createdBy?: string;
}

export class Segments {
  list = $state.raw<Segment[]>([]);

  async load(): Promise<void> {
    try {
      this.list = (await api.get("/v3/segments", { query: { sort: "name", limit: 500 } })) as Segment[];
    } catch (error) {
      // A role that may not see them has none.
      if (!(error instanceof ApiError && (error.kind === "missing" || error.kind === "forbidden"))) toasts.fail(whyOf(error));
    }
  }

  find(id: string | null | undefined): Segment | undefined {
    return this.list.find((segment) => segment.id === id);
  }

  async create(segment: Omit<Segment, "id">): Promise<Segment | undefined> {
    try {
      const made = (await api.post("/v3/segments", { body: segment })) as Segment;
      this.list = [...this.list, made].sort((a, b) => a.name.localeCompare(b.name));
      toasts.show(t("segmentSaved", { name: made.name }), { tone: "good" });
      return made;
    } catch (error) {
      toasts.fail(whyOf(error));
      return undefined;
    }
  }

  /** Changes at once; the old one is back when the server refuses. */
  async change(id: string, changes: Partial<Omit<Segment, "id">>): Promise<void> {
    const before = this.list;
    this.list = before.map((segment) => (segment.id === id ? { ...segment, ...changes } : segment));
    try {
      await api.put("/v3/segments/{segmentId}", { path: { segmentId: id }, body: changes });
    } catch (error) {
      this.list = before;
      toasts.fail(whyOf(error));
    }
  }

  /** Deletes, with a while to take it back. */
  async remove(segment: Segment): Promise<void> {
    const before = this.list;
    this.list = before.filter((one) => one.id !== segment.id);
    try {
      await api.delete("/v3/segments/{segmentId}", { path: { segmentId: segment.id } });
      const { id: _, createdBy: __, ...rest } = segment;
      toasts.show(t("segmentDeleted", { name: segment.name }), { action: { label: t("undo"), run: () => void this.create(pick(rest)) } });
    } catch (error) {
      this.list = before;
      toasts.fail(whyOf(error));
    }
  }
}

/** What a caller may set of a segment. */
function pick({ name, conditions, sortBy, columns, isPublic }: Omit<Segment, "id">): Omit<Segment, "id"> {
  return { name, conditions, columns, isPublic, ...(sortBy ? { sortBy } : {}) };
}
