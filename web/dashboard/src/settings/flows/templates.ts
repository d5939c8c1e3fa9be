// Beginnings of flows, in the language of whoever makes them.
import { t } from "../texts.ts";
import type { Flow } from "./model.ts";

export const templates = ["bugreporting", "idea", "satisfaction", "empty"] as const;
export type Template = (typeof templates)[number];

export function begin(template: Template): Flow {
  switch (template) {
    case "bugreporting":
      return {
        title: t("flow.bug.title"),
        feedbackType: "BUG",
        icon: "bug",
        kind: "form",
        layout: "page",
        home: true,
        form: [
          { key: "reportedBy", type: "email", title: t("flow.q.email"), required: true, hideIfKnown: true },
          { key: "description", type: "textarea", title: t("flow.q.what"), required: true },
          { key: "capture", type: "capture", title: t("flow.q.show") },
        ],
      };
    case "idea":
      return {
        title: t("flow.idea.title"),
        feedbackType: "FEATURE_REQUEST",
        icon: "idea",
        kind: "form",
        layout: "page",
        home: true,
        form: [
          { key: "title", type: "text", title: t("flow.q.idea"), required: true },
          { key: "description", type: "textarea", title: t("flow.q.why") },
        ],
      };
    case "satisfaction":
      return {
        title: t("flow.nps.title"),
        feedbackType: "SURVEY",
        icon: "star",
        kind: "survey",
        layout: "steps",
        home: false,
        form: [
          { key: "score", type: "scale", title: t("flow.q.recommend"), required: true, min: 0, max: 10, lowLabel: t("flow.q.never"), highLabel: t("flow.q.surely") },
          {
            key: "description",
            type: "textarea",
            title: t("flow.q.better"),
            conditions: { rules: [{ key: "score", op: "less", value: 9 }] },
          },
        ],
      };
    case "empty":
      return { title: "", feedbackType: "BUG", kind: "form", layout: "page", home: true, form: [] };
  }
}
