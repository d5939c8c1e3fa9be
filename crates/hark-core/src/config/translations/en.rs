//! English.

pub(super) const WORDS: super::Words = &[
    ("widgetButtonText", "Feedback"),
    ("next", "Next"),
    ("done", "Done"),
    ("retry", "Try again"),
    ("undo", "Undo"),
    ("pickAColor", "Choose a colour"),
    ("mute", "Mute"),
    ("unmute", "Unmute"),
    ("browserNotSupported", "Your browser cannot record the screen"),
    ("startRecording", "Start recording"),
    ("stopRecording", "Stop recording"),
    ("accessToScreenSharingDenied", "The browser was not allowed to share the screen"),
    ("checklistDefaultTitle", "Checklist"),
    ("taskProgress", "{a} of {b} tasks done"),
    ("aboutMinutes", "about {a} min"),
    ("noStepsDefined", "There are no steps yet"),
    ("stepDefaultTitle", "Step {index}"),
    ("actionDefaultTitle", "Open"),
    ("markAsDone", "Mark as done"),
];
