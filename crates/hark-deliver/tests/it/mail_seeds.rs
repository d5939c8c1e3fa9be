//! The fuzz target of mails, over its seeds and what grows out of them.

#[path = "../../../../fuzz/checks/mail.rs"]
mod mail;
#[path = "../../../../fuzz/checks/replay.rs"]
mod replay;

#[test]
fn any_texts_as_a_mail_are_refused_or_arrive_as_they_are() {
    let telling: Vec<char> = "\u{1e}\r\n\0\t \u{85}\u{2028}<>@,;:\"'()=?-ü😀".chars().collect();
    replay::replay("mail", 5_000, &telling, mail::check);
}
