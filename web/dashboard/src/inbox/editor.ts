// The editor of the composer; loaded when somebody is about to write.
import { Editor, Extension, type Range } from "@tiptap/core";
import { Mention } from "@tiptap/extension-mention";
import { Placeholder } from "@tiptap/extensions";
import { PluginKey } from "@tiptap/pm/state";
import { StarterKit } from "@tiptap/starter-kit";
import { breath } from "@hark/ui";
import { Suggestion, type SuggestionOptions, type SuggestionProps } from "@tiptap/suggestion";

/** Something that is offered while somebody types. */
export interface Offer {
  id: string;
  label: string;
  hint?: string;
}

/** What is offered now, where, and what takes one of it. */
export interface Offers {
  kind: "mention" | "template";
  list: Offer[];
  /** Where the text that asks for it stands. */
  rect: DOMRect | undefined;
  take: (offer: Offer) => void;
}

export interface EditorOptions {
  element: HTMLElement;
  content: unknown;
  label: string;
  placeholder: () => string;
  /** Who can be mentioned. */
  people: (text: string) => Offer[];
  /** The templates that a `/` offers. */
  templates: (text: string) => Offer[];
  onTemplate: (id: string) => void;
  /** Shows what is offered, or nothing. */
  onOffers: (offers: Offers | undefined) => void;
  /** A key while something is offered; true when it was taken. */
  onOfferKey: (event: KeyboardEvent) => boolean;
  onChange: () => void;
  onFiles: (files: File[]) => void;
  /** Escape; true when nothing else is to be done about it. */
  onEscape: () => boolean;
  /** Mod and Enter; with Shift as well `more` is true. */
  onSend: (more: boolean) => void;
  onBlur: () => void;
}

export { appended, carried } from "./early.ts";
export type { Editor };

/** Makes an editor: first what it knows, and what is seen of it in a task of its own. */
export async function createEditor(options: EditorOptions): Promise<Editor> {
  const render = (kind: Offers["kind"]): NonNullable<SuggestionOptions<Offer>["render"]> => () => {
    const show = (props: SuggestionProps<Offer>) =>
      options.onOffers({ kind, list: props.items, rect: props.clientRect?.() ?? undefined, take: (offer) => props.command(offer) });
    return {
      onStart: show,
      onUpdate: show,
      onKeyDown: ({ event }) => options.onOfferKey(event),
      onExit: () => options.onOffers(undefined),
    };
  };

  const templates = Extension.create({
    name: "templates",
    addProseMirrorPlugins() {
      return [
        Suggestion<Offer>({
          editor: this.editor,
          pluginKey: new PluginKey("templates"),
          char: "/",
          allowedPrefixes: [" "],
          items: ({ query }) => options.templates(query),
          command: ({ editor, range, props }: { editor: Editor; range: Range; props: Offer }) => {
            editor.chain().focus().deleteRange(range).run();
            options.onTemplate(props.id);
          },
          render: render("template"),
        }),
      ];
    },
  });

  const editor = new Editor({
    element: null,
    injectCSS: false,
    content: (options.content ?? "") as never,
    editorProps: {
      attributes: { "aria-label": options.label, role: "textbox", "aria-multiline": "true", class: "writing" },
      handleKeyDown: (_, event) => {
        if (event.key === "Escape") return options.onEscape();
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
        options.onSend(event.shiftKey);
        return true;
      },
      handlePaste: (_, event) => files(event.clipboardData, options.onFiles),
      handleDrop: (_, event) => files(event.dataTransfer, options.onFiles),
    },
    extensions: [
      StarterKit.configure({
        heading: { levels: [2, 3] },
        link: { openOnClick: false, autolink: true, linkOnPaste: true, protocols: ["http", "https", "mailto", "tel"] },
        trailingNode: false,
      }),
      Placeholder.configure({ placeholder: options.placeholder }),
      Mention.configure({
        suggestion: { items: ({ query }) => options.people(query), render: render("mention") },
      }),
      templates,
    ],
    onUpdate: options.onChange,
    onBlur: options.onBlur,
  });
  await breath();
  editor.mount(options.element);
  return editor;
}

/** Hands over files that were dropped or pasted; true when there were any. */
function files(transfer: DataTransfer | null, take: (files: File[]) => void): boolean {
  const list = [...(transfer?.files ?? [])];
  if (list.length === 0) return false;
  take(list);
  return true;
}
