// A form's state: what was saved, what is in the fields, and what the server said about it.
import { ApiError } from "@hark/api-client";
import { router } from "../app/router.svelte.ts";

type Plain = Record<string, unknown>;

/** How many names of a property lead to what a form has: a flow is in `projectActions.<its name>`. */
const AROUND: Record<string, number> = { flowConfig: 1, projectActions: 2 };

/** Options of a form. */
export interface FormOptions<T> {
  /** Sends what is in the fields and returns what was saved. */
  save: (draft: T, etag: string | undefined) => Promise<{ data: T; etag?: string | undefined }>;
  /** Reads what is saved now, for whoever wants to see somebody else's change. */
  read?: () => Promise<{ data: T; etag?: string | undefined }>;
  /** Told what was saved. */
  saved?: (data: T) => void;
}

/** The state of a form over one document. */
export class Form<T extends object> {
  /** What is in the fields. */
  draft = $state({} as T);
  busy = $state(false);
  /** True for a moment after saving. */
  done = $state(false);
  /** Sentences at fields, by the names that the server uses. */
  errors = $state<Record<string, string>>({});
  /** A sentence about the form as a whole. */
  problem = $state<string>();
  /** Somebody else changed the document meanwhile. */
  conflict = $state(false);
  private base = $state("");
  private etag: string | undefined;

  constructor(
    data: T,
    private readonly options: FormOptions<T>,
    etag?: string,
  ) {
    this.draft = copy(data);
    this.base = JSON.stringify(data);
    this.etag = etag;
  }

  /** Whether there is something to save. */
  get dirty(): boolean {
    return JSON.stringify(this.draft) !== this.base;
  }

  /** The sentence at a field, or at something in it. */
  error(field: string): string | undefined {
    const inside = Object.keys(this.errors).find((name) => name === field || name.startsWith(`${field}.`) || name.startsWith(`${field}[`));
    return inside === undefined ? undefined : this.errors[inside];
  }

  /** Puts back what was saved. */
  discard(): void {
    this.set(JSON.parse(this.base) as T);
    this.clear();
  }

  /** Saves; returns whether that worked. */
  async save(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.clear();
    try {
      const { data, etag } = await this.options.save($state.snapshot(this.draft) as T, this.etag);
      this.take(data, etag);
      this.done = true;
      setTimeout(() => (this.done = false), 2_500);
      this.options.saved?.(data);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Shows what somebody else saved, in place of what is in the fields. */
  async theirs(): Promise<void> {
    if (!this.options.read) return;
    try {
      const { data, etag } = await this.options.read();
      this.take(data, etag);
      this.clear();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Saves what is in the fields over what somebody else saved. */
  async mine(): Promise<void> {
    const etag = this.etag;
    this.etag = undefined;
    if (!(await this.save())) this.etag = etag;
  }

  private fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    if (error.kind === "conflict" && this.etag && !error.field) this.conflict = true;
    else {
      const field = error.field === undefined ? undefined : this.shown(error.field);
      if (field === undefined) this.problem = error.sentence;
      else this.errors = { [field]: error.sentence };
    }
  }

  /** The field that shows a property, which forms may have nearer at hand than the document: `color` for `flowConfig.color`. */
  private shown(property: string): string | undefined {
    const parts = property.split(/[.[\]]+/).filter(Boolean);
    const [first, ...rest] = parts.slice(AROUND[parts[0] ?? ""] ?? 0);
    // What is wrong with a text in another language is said of the whole: its field is one of many, or has the name of another.
    if (first === undefined || first === "translations" || !Object.hasOwn(this.draft, first)) return undefined;
    return [first, ...rest].join(".");
  }

  private take(data: T, etag: string | undefined): void {
    this.set(copy(data));
    this.base = JSON.stringify(data);
    this.etag = etag;
  }

  private set(data: T): void {
    const draft = this.draft as Plain;
    for (const name of Object.keys(draft)) if (!(name in data)) delete draft[name];
    Object.assign(draft, data);
  }

  private clear(): void {
    this.errors = {};
    this.problem = undefined;
    this.conflict = false;
  }
}

/** Keeps the page while a form has unsaved changes, unless the person says otherwise. Call it in a component. */
export function guardForm(form: () => { dirty: boolean } | undefined, question: () => string): void {
  $effect(() =>
    router.guard(() => {
      return (form()?.dirty ?? false) && !confirm(question());
    }),
  );
  $effect(() => {
    const stay = (event: BeforeUnloadEvent) => {
      if (form()?.dirty) event.preventDefault();
    };
    addEventListener("beforeunload", stay);
    return () => removeEventListener("beforeunload", stay);
  });
}

function copy<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T;
}
