//! Full-text search: what is found, in which order, and that both engines agree.

use hark_query::{Filter, Path};
use hark_store::testing::Scratch;
use hark_store::{Body, Error, Field, Id, Kind, Scope, SearchRequest, SearchText, Tx, both, to_body};
use serde_json::json;

/// Stored in the table of teams: a name and a text.
const TEAM: Kind =
    Kind { search: Some(name_and_text), ..Kind::new("team", "team", &[Field::text("name", "name")]) };
const CONTACT: Kind = Kind {
    search: Some(name_and_email),
    ..Kind::new("contact", "contact", &[Field::text("gleapId", "gleap_id")])
};

fn text_of(body: &Body, property: &str) -> String {
    body.get(property).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn name_and_text(body: &Body) -> SearchText {
    SearchText { title: text_of(body, "name"), body: text_of(body, "text") }
}

fn name_and_email(body: &Body) -> SearchText {
    let title = format!("{} {}", text_of(body, "name"), text_of(body, "email"));
    SearchText { title, body: text_of(body, "companyName") }
}

fn request(text: &str) -> SearchRequest {
    SearchRequest { text: text.to_owned(), limit: 100, skip: 0 }
}

fn add_team(tx: &mut Tx<'_>, name: &str, text: &str) -> Result<Id, Error> {
    Ok(tx.insert(&TEAM, to_body(json!({"name": name, "text": text})))?.id)
}

async fn add_teams(scratch: &Scratch, scope: &Scope, teams: &'static [(&'static str, &'static str)]) {
    let write =
        move |tx: &mut Tx<'_>| teams.iter().try_for_each(|(name, text)| add_team(tx, name, text).map(drop));
    scratch.store.write(scope, write).await.expect("teams");
}

/// The names of what is found, best first.
async fn names(scratch: &Scratch, scope: &Scope, kind: &'static Kind, request: SearchRequest) -> Vec<String> {
    let docs = scratch.store.read(scope, move |tx| tx.search_docs(kind, &request)).await.expect("an answer");
    docs.iter().map(|doc| text_of(&doc.body, "name")).collect()
}

async fn teams(scratch: &Scratch, scope: &Scope, text: &str) -> Vec<String> {
    names(scratch, scope, &TEAM, request(text)).await
}

both! {
    async fn a_document_is_found_at_once(scratch: Scratch) {
        let scope = scratch.project().await;
        let inside = scratch.store.write(&scope, |tx| {
            let id = add_team(tx, "Blue Lagoon", "divers")?;
            let hits = tx.search(&TEAM, &request("lagoon"))?;
            Ok((id, hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()))
        }).await.expect("a team");
        assert_eq!(inside.1, [inside.0]);
        assert_eq!(teams(&scratch, &scope, "lagoon").await, ["Blue Lagoon"]);
        assert_eq!(teams(&scratch, &scope, "divers blue").await, ["Blue Lagoon"]);
    }

    async fn what_is_rolled_back_is_not_found(scratch: Scratch) {
        let scope = scratch.project().await;
        let failed: Result<(), Error> = scratch.store.write(&scope, |tx| {
            add_team(tx, "Ghost", "")?;
            Err(Error::invalid("no"))
        }).await;
        assert!(failed.is_err());
        add_teams(&scratch, &scope, &[("Host", "")]).await;
        assert_eq!(teams(&scratch, &scope, "ghost").await, ["Host"], "corrected, because nothing has the word");
    }

    async fn spelling_is_forgiven(scratch: Scratch) {
        let scope = scratch.project().await;
        add_teams(&scratch, &scope, &[
            ("José Müller", "jose.muller@acme.example"), ("Wilhelmina Montgomery", "O'Brien"), ("東京都 タワー", ""),
        ]).await;
        let cases = [
            ("jose", "José Müller"), ("JOSÉ", "José Müller"), ("mull", "José Müller"),
            ("jsoe", "José Müller"), ("joe", "José Müller"), ("josse", "José Müller"), ("nose", "José Müller"),
            ("mueller", "José Müller"), ("nuller", "José Müller"),
            ("acme.example", "José Müller"), ("jose.muller@acme", "José Müller"), ("@acme.example", "José Müller"),
            ("jsoe.muller@acme.example", "José Müller"),
            ("wilhemina", "Wilhelmina Montgomery"), ("wilehlmima", "Wilhelmina Montgomery"),
            ("montgommerry", "Wilhelmina Montgomery"), ("obrien", "Wilhelmina Montgomery"), ("o’brien", "Wilhelmina Montgomery"),
            ("京都", "東京都 タワー"), ("都", "東京都 タワー"), ("タワー", "東京都 タワー"),
        ];
        for (text, name) in cases {
            assert_eq!(teams(&scratch, &scope, text).await, [name], "{text}");
        }
        for text in ["xyzzy", "jxxe", "nobody@acme.example", "12", "w x y"] {
            assert_eq!(teams(&scratch, &scope, text).await, Vec::<String>::new(), "{text}");
        }
    }

    async fn the_best_comes_first(scratch: Scratch) {
        let scope = scratch.project().await;
        add_teams(&scratch, &scope, &[
            ("Night", "support"), ("Supporters", ""), ("Support", "older"), ("Second Support", ""), ("Day", "supporting"),
            ("Support", "newer"),
        ]).await;
        let found = scratch.store.read(&scope, |tx| tx.search_docs(&TEAM, &request("support"))).await.expect("an answer");
        let order: Vec<String> = found.iter().map(|doc| format!("{} {}", text_of(&doc.body, "name"), text_of(&doc.body, "text"))).collect();
        assert_eq!(order, ["Support newer", "Support older", "Second Support ", "Supporters ", "Night support", "Day supporting"]);
    }

    async fn words_that_lead_nowhere_are_left_out(scratch: Scratch) {
        let scope = scratch.project().await;
        add_teams(&scratch, &scope, &[
            ("How to do what you do", "all my own"), ("Reset the password", ""), ("Change the address", ""),
            ("What I do all day", "my diary"), ("How we do it", "my way"), ("Do you know", "how"),
        ]).await;
        assert_eq!(teams(&scratch, &scope, "how do I reset my password").await[0], "Reset the password");
        assert_eq!(teams(&scratch, &scope, "address qqqqq").await, ["Change the address"]);
    }

    async fn a_save_and_a_delete_remove_old_words(scratch: Scratch) {
        let scope = scratch.project().await;
        let team = scratch.store.write(&scope, |tx| tx.insert(&TEAM, to_body(json!({"name": "Before"})))).await.expect("a team");
        let mut renamed = team.clone();
        renamed.set("name", "After");
        let renamed = scratch.store.write(&scope, move |tx| tx.save(&TEAM, renamed.clone())).await.expect("a save");
        assert_eq!(teams(&scratch, &scope, "before").await, Vec::<String>::new());
        assert_eq!(teams(&scratch, &scope, "after").await, ["After"]);
        let mut emptied = renamed.clone();
        emptied.set("name", json!(null));
        let emptied = scratch.store.write(&scope, move |tx| tx.save(&TEAM, emptied.clone())).await.expect("a save");
        assert_eq!(teams(&scratch, &scope, "after").await, Vec::<String>::new());
        let mut again = emptied.clone();
        again.set("name", "Again");
        scratch.store.write(&scope, move |tx| tx.save(&TEAM, again.clone())).await.expect("a save");
        assert_eq!(teams(&scratch, &scope, "again").await, ["Again"]);
        assert!(scratch.store.write(&scope, move |tx| tx.delete(&TEAM, team.id)).await.expect("a delete"));
        assert_eq!(teams(&scratch, &scope, "again").await, Vec::<String>::new());
    }

    async fn projects_and_kinds_do_not_mix(scratch: Scratch) {
        let mine = scratch.project().await;
        let other = scratch.project().await;
        for scope in [&mine, &other] {
            add_teams(&scratch, scope, &[("Shared words", "")]).await;
        }
        let insert = |tx: &mut Tx<'_>| tx.insert(&CONTACT, to_body(json!({"name": "Shared words", "gleapId": "1"}))).map(drop);
        scratch.store.write(&mine, insert).await.expect("a contact");
        add_teams(&scratch, &other, &[("Otherwise", "")]).await;
        assert_eq!(teams(&scratch, &mine, "shared").await.len(), 1);
        assert_eq!(teams(&scratch, &other, "shared").await.len(), 1);
        assert_eq!(names(&scratch, &mine, &CONTACT, request("words")).await.len(), 1);
        assert_eq!(names(&scratch, &other, &CONTACT, request("words")).await, Vec::<String>::new());
        // Neither words nor corrections come from elsewhere.
        assert_eq!(teams(&scratch, &mine, "otherwise").await, Vec::<String>::new());
        assert_eq!(teams(&scratch, &mine, "otherwize").await, Vec::<String>::new());
        assert_eq!(teams(&scratch, &other, "otherwize").await, ["Otherwise"]);
    }

    async fn blank_text_finds_the_newest(scratch: Scratch) {
        let scope = scratch.project().await;
        for name in ["A", "B", "C"] {
            scratch.clock.advance(1_000);
            scratch.store.write(&scope, move |tx| add_team(tx, name, "")).await.expect("a team");
        }
        assert_eq!(teams(&scratch, &scope, " \t").await, ["C", "B", "A"]);
        let page = |text: &str, limit, skip| SearchRequest { text: text.to_owned(), limit, skip };
        assert_eq!(names(&scratch, &scope, &TEAM, page("", 1, 1)).await, ["B"]);
        add_teams(&scratch, &scope, &[("Page one", ""), ("Page two", ""), ("Page three", "")]).await;
        assert_eq!(names(&scratch, &scope, &TEAM, page("page", 2, 1)).await, ["Page two", "Page one"]);
        assert_eq!(names(&scratch, &scope, &TEAM, page("page", 2, u32::MAX)).await, Vec::<String>::new());
        assert_eq!(names(&scratch, &scope, &TEAM, page("", 0, u32::MAX)).await, Vec::<String>::new());
    }

    async fn a_filter_hides_nothing_that_fits_behind_what_does_not_pass(scratch: Scratch) {
        let scope = scratch.project().await;
        let within = async |text: &'static str, name: &'static str, limit: u32| {
            let only = Filter::equal(Path::known("name"), name);
            let found = scratch.store.read(&scope, move |tx| tx.search_within(&TEAM, text, &only, limit));
            found.await.expect("an answer").iter().map(|doc| text_of(&doc.body, "text")).collect::<Vec<_>>()
        };
        scratch.store.write(&scope, |tx| {
            add_team(tx, "rare", "hello there")?;
            add_team(tx, "rare", "goodbye")?;
            add_team(tx, "common", "the oldest hello of all, once")?;
            (0..1_300).try_for_each(|number| add_team(tx, "loud", &format!("hello {number}")).map(drop))
        }).await.expect("teams");
        assert_eq!(within("hello", "rare", 10).await, ["hello there"]);
        assert_eq!(within("hell", "rare", 10).await, ["hello there"], "the beginning of a word");
        assert_eq!(within("helo", "rare", 10).await, ["hello there"], "a mistyped word");
        assert_eq!(within("hello", "loud", 10).await.len(), 10);
        assert_eq!(within("hello", "none", 10).await, Vec::<String>::new());
        assert_eq!(within(" ", "rare", 10).await, ["goodbye", "hello there"]);
        // More than the newest that pass: it goes on among what fits.
        scratch.store.write(&scope, |tx| {
            (0..5_000).try_for_each(|number| add_team(tx, "common", &format!("bye {number}")).map(drop))
        }).await.expect("teams");
        assert_eq!(within("hello", "common", 10).await, ["the oldest hello of all, once"]);
    }

    async fn no_query_breaks_out_of_its_quotes(scratch: Scratch) {
        let scope = scratch.project().await;
        add_teams(&scratch, &scope, &[("near quote", "or and not")]).await;
        let long = "a'b\"c ".repeat(2_000);
        let hostile = [
            "\"", "'", "''", "\\", "\\'", "*", "quote*", ":*", "a:*", "near(quote, 2)", "NEAR", "AND", "OR NOT", "quote OR near",
            "^quote", "{words}: quote", "words: quote", "-quote", "+ + +", "&", "|", "!", "quote & near", "quote | !near", "<->",
            "$1", "?1", "%", "_", "('", "\")", ";drop table search_words", "👍🏽 ❤️", "\u{0}", "quote\u{0}near", "\u{202E}\u{FEFF}",
            "ﷺ", "a\u{0301}\u{0301}\u{0301}", "_@.-+", "@@", ".quote.", &long,
        ];
        for text in hostile {
            let request = request(text);
            let answer = scratch.store.read(&scope, move |tx| tx.search(&TEAM, &request)).await;
            assert!(answer.is_ok(), "{text:?}: {answer:?}");
        }
        assert_eq!(teams(&scratch, &scope, "👍🏽").await, Vec::<String>::new());
        // As a document, too.
        for text in hostile {
            let text = text.to_owned();
            scratch.store.write(&scope, move |tx| add_team(tx, "hostile", &text.replace('\0', ""))).await.expect("a team");
        }
        assert_eq!(teams(&scratch, &scope, "hostile").await.len(), hostile.len());
    }

    async fn a_kind_without_search_refuses(scratch: Scratch) {
        const PLAIN: Kind = Kind::new("team", "team", &[]);
        let scope = scratch.project().await;
        let answer = scratch.store.read(&scope, |tx| tx.search(&PLAIN, &request("x"))).await;
        assert!(matches!(answer, Err(Error::Internal(_))));
    }

    async fn the_order_is_the_same_everywhere(scratch: Scratch) {
        let scope = scratch.project().await;
        let write = |tx: &mut Tx<'_>| (0..300).try_for_each(|at| tx.insert(&CONTACT, contact(at)).map(drop));
        scratch.store.write(&scope, write).await.expect("contacts");
        let mut found = String::new();
        for text in QUERIES {
            let mut request = request(text);
            request.limit = 6;
            let names = names(&scratch, &scope, &CONTACT, request).await;
            found.push_str(&format!("{text} => {}\n", names.join(", ")));
        }
        assert_eq!(found, include_str!("search_order.txt"), "\n{found}");
    }
}

/// Contacts with enough in common that their order matters.
fn contact(at: usize) -> Body {
    const FIRST: [&str; 20] = [
        "Anna",
        "Annabel",
        "Bernd",
        "Carla",
        "Daniel",
        "Daniela",
        "Élodie",
        "Frank",
        "Grace",
        "Hanna",
        "Igor",
        "Jane",
        "Janet",
        "João",
        "Katharina",
        "Luis",
        "Mia",
        "Nils",
        "Olga",
        "Søren",
    ];
    const LAST: [&str; 17] = [
        "Smith",
        "Smithson",
        "Müller",
        "García",
        "Novak",
        "Johnson",
        "Johansson",
        "O'Neill",
        "Frank",
        "Lopez",
        "Daniels",
        "Ivanova",
        "Berg",
        "Bergmann",
        "Carlson",
        "Weiß",
        "Nakamura",
    ];
    const COMPANY: [&str; 7] =
        ["Acme", "Berg Systems", "Contoso", "Daniel & Sons", "Fabrikam", "Grace Hospital", "Smith-Frank"];
    let (first, last, company) = (FIRST[at % 20], LAST[at * 7 % 17], COMPANY[at * 3 % 7]);
    let domain = company.split([' ', '-']).next().unwrap_or_default().to_lowercase();
    let email = format!("{}{at}@{domain}.example", first.to_lowercase());
    to_body(
        json!({"gleapId": at.to_string(), "name": format!("{first} {last} {at}"), "email": email, "companyName": company}),
    )
}

const QUERIES: [&str; 40] = [
    "anna",
    "anna smith",
    "smith",
    "smi",
    "berg",
    "frank",
    "daniel",
    "dan",
    "d",
    "jane",
    "jaen",
    "hanna berg",
    "muller",
    "mueler",
    "garcia",
    "elodie",
    "sören",
    "soren weiss",
    "o'neill",
    "oneil",
    "johnson",
    "jonhson",
    "johanson",
    "nakamora",
    "acme",
    "acme smith",
    "grace hospital",
    "@contoso.example",
    "anna0@acme.example",
    "jane11@",
    "jane31@wrong.example",
    "17",
    "anna 100",
    "smith-frank",
    "carlson carla",
    "katarina lopes",
    "anna xqzkw",
    "igor mia",
    "mia igor nakamura acme",
    "zzzz",
];
