//! People for tests: who sign up, sign in and join projects through the front door.

use hark_deliver::testing::ReceivedMail;
use hark_test::{Answer, Method, Project, Request, TestApp};
use serde_json::{Value as Json, json};

/// The password of everybody but owners.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

impl Person {
    /// A request with the person's session.
    pub(crate) fn call(&self, app: &TestApp, method: Method, path: &str) -> Request {
        app.request(method, path).bearer(&self.token)
    }

    /// A request with the person's session and a project.
    pub(crate) fn call_in(&self, app: &TestApp, project: &Project, method: Method, path: &str) -> Request {
        self.call(app, method, path).header("Project", &project.id)
    }
}

/// A call without a token.
pub(crate) async fn post(app: &TestApp, path: &str, body: Json) -> Answer {
    app.request(Method::POST, path).json(body).send().await
}

/// Signs up; the code is on its way.
pub(crate) async fn sign_up(app: &TestApp, email: &str, password: &str) -> Json {
    post(app, "/v3/users", json!({"name": "Ada Lovelace", "email": email, "password": password}))
        .await
        .expect(200)
}

/// Signs up, confirms and signs in; the app must have a mail server.
pub(crate) async fn person(app: &TestApp, email: &str) -> Person {
    sign_up(app, email, PASSWORD).await;
    let code = code(&last_mail(app, email).await);
    let signed_in = post(app, "/v3/users/verify", json!({"email": email, "code": code})).await.expect(200);
    of(&signed_in)
}

/// Signs in.
pub(crate) async fn sign_in(app: &TestApp, email: &str, password: &str) -> Person {
    of(&post(app, "/v3/users/login", json!({"email": email, "password": password})).await.expect(200))
}

/// The project's owner, signed in.
pub(crate) async fn owner(app: &TestApp, project: &Project) -> Person {
    sign_in(app, &project.owner.email, &project.owner.password).await
}

/// A new person with a role in the project; the app must have a mail server.
pub(crate) async fn member(app: &TestApp, project: &Project, email: &str, role: &str) -> Person {
    let body = json!({"emails": [email], "role": role});
    let invited = app.post(project, "/v3/invitations/projects", body).send().await.expect(200);
    let person = person(app, email).await;
    accept(app, &person, &text(&invited[0], "id")).await;
    person
}

/// A role of the project's organisation with these permissions; its name is its alias.
pub(crate) async fn role(app: &TestApp, project: &Project, alias: &str, permissions: &[&str]) {
    let body = json!({"name": alias, "alias": alias, "permissionGroups": permissions});
    owner(app, project)
        .await
        .call_in(app, project, Method::POST, "/v3/roles")
        .json(body)
        .send()
        .await
        .expect(200);
}

/// Accepts an invitation.
pub(crate) async fn accept(app: &TestApp, person: &Person, invitation: &str) {
    let path = format!("/v3/invitations/{invitation}");
    person.call(app, Method::PUT, &path).json(json!({"accept": true})).send().await.expect(200);
}

/// The last mail to an address, after everything that waits was sent.
pub(crate) async fn last_mail(app: &TestApp, email: &str) -> ReceivedMail {
    app.run_jobs().await;
    let mails = app.mail.as_ref().expect("a mail server").mails();
    mails.into_iter().rfind(|mail| mail.to.iter().any(|to| to == email)).expect("a mail to the address")
}

/// How many mails were sent, after everything that waits was sent.
pub(crate) async fn mails(app: &TestApp) -> usize {
    app.run_jobs().await;
    app.mail.as_ref().expect("a mail server").mails().len()
}

/// A mail's text, with the line breaks of its transfer encoding undone.
pub(crate) fn body(mail: &ReceivedMail) -> String {
    mail.body().replace("=\r\n", "").replace("=3D", "=")
}

/// The code in a mail.
pub(crate) fn code(mail: &ReceivedMail) -> String {
    mail.body().split(' ').next().expect("a first word").to_owned()
}

/// A property's text.
#[track_caller]
pub(crate) fn text(value: &Json, property: &str) -> String {
    value[property].as_str().unwrap_or_else(|| panic!("no text at {property}: {value}")).to_owned()
}

fn of(signed_in: &Json) -> Person {
    let user = &signed_in["user"];
    Person { id: text(user, "id"), email: text(user, "email"), token: text(signed_in, "token") }
}
