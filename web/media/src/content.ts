// What a banner or modal shows, read with care: texts stay texts, and what is not understood is left out.
import { isFields, type Action, type Fields } from "./protocol";

export interface Button {
  label: string;
  action: Action;
}

export interface Content {
  title: string;
  text: string;
  image: string;
  imageAlt: string;
  buttons: Button[];
  hasClose: boolean;
  closeLabel: string;
  colour: string;
  ground: string;
  isRtl: boolean;
}

const BUTTONS_MAX = 4;

/** What the button that closes is called, where the configuration does not say it. */
const CLOSE: Record<string, string> = { en: "Close", de: "Schließen" };

/** Letters of the scripts that run from right to left, and any letter. */
const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const LETTER = /\p{Letter}/u;

/**
 * Reads the content of a banner's action or a modal's configuration.
 *
 * @param language what the visitor's browser speaks
 */
export function readContent(data: Fields, language = "en"): Content {
  // A banner is told its whole action; what it shows stands in its configuration.
  const config = isFields(data.config) ? { ...data, ...data.config } : data;
  const title = text(config.title);
  const words = text(config.text) || text(config.message);
  return {
    title,
    text: words,
    image: webAddress(config.imageUrl) || webAddress(config.coverImageUrl),
    imageAlt: text(config.imageAlt),
    buttons: (Array.isArray(config.buttons) ? config.buttons : [])
      .filter(isFields)
      .flatMap((button): Button[] => {
        const action = readAction(isFields(button.action) ? button.action : {});
        const label = text(button.label) || text(button.title);
        return action && label ? [{ label, action }] : [];
      })
      .slice(0, BUTTONS_MAX),
    hasClose: config.showCloseButton !== false,
    closeLabel: text(config.closeLabel) || (CLOSE[language.slice(0, 2).toLowerCase()] ?? "Close"),
    colour: colour(config.primaryColor) || colour(config.color) || "#1d5fd1",
    ground: colour(config.backgroundColor) || "#ffffff",
    isRtl: config.rtl === true || isRtl(`${title}${words}`),
  };
}

/** Whether a text begins with a letter that is read from right to left: no SDK says how the page is read. */
function isRtl(words: string): boolean {
  return RTL.test(LETTER.exec(words)?.[0] ?? "");
}

/** What a button does: its `type` and what that needs. */
export function readAction(action: Fields): Action | undefined {
  const id = (name: string) => text(action[name]);
  switch (action.type) {
    case "conversation":
      return { name: "start-conversation", data: { botId: id("botId") } };
    case "custom":
      return id("action") ? { name: "start-custom-action", data: { action: id("action") } } : undefined;
    case "tour":
      return id("tourId") ? { name: "start-product-tour", data: { tourId: id("tourId") } } : undefined;
    case "url": {
      const url = webAddress(action.url);
      return url ? { name: "open-url", data: url, newTab: action.newTab !== false } : undefined;
    }
    case "form":
      return id("formId") ? { name: "show-form", data: { formId: id("formId") } } : undefined;
    case "survey": {
      const format = action.surveyFormat;
      // Apps disagree about what a missing format means.
      const surveyFormat = format === "survey_full" || format === "survey_web" ? format : "survey";
      return id("formId") ? { name: "show-survey", data: { formId: id("formId"), surveyFormat } } : undefined;
    }
    case "news":
      return id("articleId") ? { name: "show-news-article", data: { articleId: id("articleId") } } : undefined;
    case "help":
      return id("articleId") ? { name: "show-help-article", data: { articleId: id("articleId") } } : undefined;
    case "checklist": {
      const sharedKey = id("sharedKey");
      const data = { checklistId: id("checklistId"), ...(sharedKey && { sharedKey }) };
      return data.checklistId ? { name: "show-checklist", data } : undefined;
    }
    case "close":
      return { name: "close" };
    default:
      return undefined;
  }
}

/** Black or white, whichever reads better on a ground `#RRGGBB`. */
export function inkOn(ground: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= 4.5 ? "#ffffff" : "#10131a";
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

function colour(value: unknown): string {
  return /^#[0-9a-f]{6}$/i.test(text(value)) ? text(value) : "";
}

function webAddress(value: unknown): string {
  return /^https?:\/\//i.test(text(value)) ? text(value) : "";
}
