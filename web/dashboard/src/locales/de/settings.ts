// The settings in German.
import type { Same } from "../../app/i18n.svelte.ts";
import type en from "../en/settings.ts";

const de: Same<typeof en> = {
  title: "Einstellungen",
  "form.save": "Speichern",
  "form.discard": "Verwerfen",
  "form.again": "Noch einmal",
  "form.unsaved": "Nicht gespeichert",
  "form.mend": "Bitte sehen Sie sich die markierten Felder an",
  "form.saved": "Gespeichert",
  "form.state": "Stand des Formulars",
  "form.leave": "Es gibt ungespeicherte Änderungen. Ohne Speichern verlassen?",
  "form.conflict": "Jemand anderes hat das inzwischen geändert.",
  "form.theirs": "Deren Stand zeigen",
  "form.mine": "Meinen darüber speichern",
  "wait.loading": "Wird geladen",
  "wait.failed": "Das konnte nicht gelesen werden",
  "wait.forbidden": "Das dürfen Sie nicht sehen",
  "wait.offline": "Der Server ist nicht zu erreichen",
  "wait.missing": "Das gibt es nicht mehr",
};
export default de;
