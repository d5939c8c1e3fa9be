//! German.

pub(super) const WORDS: super::Words = &[
    ("widgetButtonText", "Feedback"),
    ("next", "Weiter"),
    ("done", "Fertig"),
    ("retry", "Nochmal versuchen"),
    ("undo", "Rückgängig"),
    ("pickAColor", "Farbe wählen"),
    ("mute", "Ton aus"),
    ("unmute", "Ton an"),
    ("browserNotSupported", "Dein Browser kann den Bildschirm nicht aufnehmen"),
    ("startRecording", "Aufnahme starten"),
    ("stopRecording", "Aufnahme beenden"),
    ("accessToScreenSharingDenied", "Der Browser durfte den Bildschirm nicht teilen"),
    ("checklistDefaultTitle", "Checkliste"),
    ("taskProgress", "{a} von {b} Aufgaben erledigt"),
    ("aboutMinutes", "etwa {a} Min."),
    ("noStepsDefined", "Es gibt noch keine Schritte"),
    ("stepDefaultTitle", "Schritt {index}"),
    ("actionDefaultTitle", "Öffnen"),
    ("markAsDone", "Als erledigt markieren"),
];
