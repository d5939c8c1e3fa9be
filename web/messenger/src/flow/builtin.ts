// The flow for bugs that every project has until it configures one of this name.
import type { Say } from "../i18n/words";
import { readFlow, type Flow } from "./model";

/** The name by which sites and older SDKs start it. */
export const BUG_REPORTING = "bugreporting";

export function bugReporting(say: Say): Flow {
  const flow = readFlow(BUG_REPORTING, {
    title: say("reportProblem"),
    hint: say("reportProblemHint"),
    feedbackType: "BUG",
    icon: "bug",
    form: [
      { key: "reportedBy", type: "email", title: say("email"), hideIfKnown: true },
      { key: "description", type: "textarea", title: say("bugQuestion"), placeholder: say("bugPlaceholder"), required: true },
      { key: "capture", type: "capture", title: say("captureTitle") },
      { key: "files", type: "upload", title: say("attachment") },
    ],
  });
  if (!flow) throw new Error("the built-in flow is none");
  return flow;
}
