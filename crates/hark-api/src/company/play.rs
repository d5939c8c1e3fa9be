//! The story in the order of time: who comes, who writes, who answers, and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::Method;
use hark_content::Document;
use hark_core::contacts;
use hark_core::tickets::TICKET;
use hark_store::{Doc, Error, Id, Millis, ReadTx, Registry, Result, Scope, run_due};
use rand::Rng;
use rand::seq::SliceRandom;
use serde_json::{Value as Json, json};

use super::archive::{self, Bulk, Past, TOGETHER};
use super::cast::{VISIT_MAX, dice, first_name, user_id};
use super::client::{Client, Who};
use super::office::{DRAFTS, Errand, errands};
use super::story::{Conversation, Step, conversations};
use super::{HISTORY, Wanted, capture, guests, picture};
use crate::app::App;

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;
/// Conversations that are played step by step: each of the story twice. More are in the past, and a third always is.
const PLAYED_MAX: usize = 60;
/// How far back the first of them began.
const PLAYED: Millis = 14 * DAY;
/// When the last contact came for the first time, and the last conversation of the past was held.
const PAST: Millis = PLAYED + DAY;
/// Time between two looks for jobs that are due.
const JOBS_EVERY: Millis = 60 * MINUTE;
/// Contacts that are there from the first day on, come often, and write more than others.
const REGULARS: usize = 8;
/// For how long it is told how often they come.
const OFTEN: Millis = 70 * DAY;

/// Everything that the story needs.
pub(super) struct Play<'p> {
    pub(super) app: &'p App,
    pub(super) client: Client,
    pub(super) operator: Scope,
    pub(super) wanted: &'p Wanted,
    /// Agents by their short names.
    pub(super) agents: BTreeMap<&'static str, Id>,
    /// The same, as they call.
    pub(super) voices: BTreeMap<&'static str, Who>,
    /// Teams by their short names.
    pub(super) teams: BTreeMap<&'static str, Id>,
}

/// What happens at a moment.
#[derive(Clone, Debug)]
enum Event {
    Bulk(Bulk),
    /// Somebody does something at the desk.
    Errand(Errand),
    /// A step of a conversation that is played.
    Step {
        scene: usize,
        step: Step,
    },
    /// Somebody gives it to a team, with its tags.
    Sort {
        scene: usize,
    },
    /// Its agent takes it.
    Take {
        scene: usize,
    },
    /// Its agent closes it because nobody writes any more.
    Close {
        scene: usize,
    },
}

/// A conversation that is played.
struct Scene {
    /// Which of the story.
    conversation: usize,
    contact: usize,
    /// Its contact as it calls, and the names of the ticket, once it is open.
    open: Option<Opened>,
}

/// Everything that happens, with its moments.
type Plot = Vec<(Millis, Event)>;

struct Opened {
    who: Who,
    ticket: Id,
    share_token: String,
}

impl Play<'_> {
    /// Plays the whole story.
    pub(super) async fn run(self) -> Result<()> {
        let story = conversations()?;
        let (mut events, mut scenes) = self.plot(&story)?;
        // Whoever planned first comes first at the same moment.
        events.sort_by_key(|(at, _)| *at);
        let agents = self.agents.values().copied().collect();
        let past = Arc::new(Past { agents, conversations: conversations()? });
        let registry = crate::work::registry(self.app);
        let mut together = Vec::new();
        let mut looked = 0;
        for (at, event) in events {
            let event = match event {
                Event::Bulk(bulk) => {
                    together.push((at, bulk));
                    if together.len() < TOGETHER {
                        continue;
                    }
                    None
                }
                event => Some(event),
            };
            if !together.is_empty() {
                archive::play(&self.app.store, &self.operator, &past, &mut together).await?;
            }
            self.client.at(at);
            if at - looked >= JOBS_EVERY {
                self.work(&registry).await?;
                looked = at;
            }
            if let Some(event) = event {
                self.happen(&story, &mut scenes, event, at).await?;
            }
        }
        archive::play(&self.app.store, &self.operator, &past, &mut together).await?;
        self.client.at(self.wanted.now);
        self.work(&registry).await?;
        self.drafts(&story, &scenes).await
    }

    /// Does the work of the background that is due.
    async fn work(&self, registry: &Registry) -> Result<()> {
        run_due(&self.app.store, registry).await.map(drop)
    }

    /// Everything that happens, and the conversations that are played.
    fn plot(&self, story: &[Conversation]) -> Result<(Plot, Vec<Scene>)> {
        let (now, contacts) = (self.wanted.now, self.wanted.contacts as usize);
        let (begin, past) = (now - HISTORY, now - PAST);
        let mut random = dice(0);
        let mut events = Vec::new();
        let mut arrivals: Vec<Millis> =
            (0..contacts).map(|_| random.random_range(begin + DAY..past)).collect();
        // Somebody is there from the first day on.
        arrivals.iter_mut().take(REGULARS).for_each(|at| *at = begin + MINUTE);
        arrivals.sort_unstable();
        for (contact, arrival) in arrivals.iter().enumerate() {
            events.push((*arrival, Event::Bulk(Bulk::Arrive(contact))));
            // The first visit is the one in which they sign up; most come back.
            events.push((arrival + VISIT_MAX, Event::Bulk(Bulk::Visit(contact))));
            if random.random_range(0..100) < 60 {
                let back = random.random_range(5..20 * 24 * 60) * MINUTE;
                events.push(((now - back).max(arrival + 2 * VISIT_MAX), Event::Bulk(Bulk::Visit(contact))));
            }
        }
        for contact in 0..REGULARS {
            let mut at = now - OFTEN;
            while at < now {
                at += random.random_range(24 * 60..6 * 24 * 60) * MINUTE;
                events.push((at, Event::Bulk(Bulk::Visit(contact))));
            }
        }
        for guest in 0..guests(self.wanted.contacts) as usize {
            let back = random.random_range(30..9 * 24 * 60) * MINUTE;
            events.push((now - back, Event::Bulk(Bulk::Guest(guest))));
        }
        events.extend(errands().into_iter().map(|errand| (now - errand.before, Event::Errand(errand))));
        let played = (self.wanted.tickets as usize * 2).div_ceil(3).min(PLAYED_MAX);
        for number in 0..self.wanted.tickets as usize - played {
            let at = random.random_range(begin + 2 * DAY..past);
            let known = arrivals.partition_point(|arrival| *arrival < at);
            let contact = random.random_range(0..known);
            events.push((at, Event::Bulk(Bulk::Question { number, contact })));
        }
        let mut scenes = Vec::new();
        let mut order: Vec<usize> = Vec::new();
        for scene in 0..played {
            if order.is_empty() {
                order = (0..story.len()).collect();
                order.shuffle(&mut random);
            }
            let conversation = order.pop().unwrap_or_default();
            // Many today, few two weeks ago.
            let far = (scene as f64 / played as f64).powi(2);
            let opened = now - 4 * MINUTE - ((PLAYED - 4 * MINUTE) as f64 * far) as Millis;
            let is_regular = random.random_range(0..100) < 25;
            let contact = random.random_range(0..if is_regular { REGULARS } else { contacts });
            // Nobody writes out of nothing: they did something first, a few days ago as well.
            let days_ago = opened - random.random_range(2 * 24 * 60..6 * 24 * 60) * MINUTE;
            for at in [days_ago.max(arrivals[contact] + 2 * VISIT_MAX), opened - MINUTE] {
                events.push((at, Event::Bulk(Bulk::Visit(contact))));
            }
            scenes.push(Scene { conversation, contact, open: None });
            self.scene(&story[conversation], scene, opened, &mut random, &mut events)?;
        }
        // The clock does not go back, and nothing happens tomorrow.
        events.retain(|(at, _)| *at <= now);
        Ok((events, scenes))
    }

    /// The events of a conversation that was opened at a moment.
    fn scene(
        &self,
        conversation: &Conversation,
        scene: usize,
        opened: Millis,
        random: &mut impl Rng,
        events: &mut Plot,
    ) -> Result<()> {
        let steps = conversation.steps()?;
        let last = steps.last().map_or(0, |(after, _)| *after);
        let is_put_away =
            |step: &Step| *step == Step::Status("DONE".to_owned()) || matches!(step, Step::Snooze(_));
        let is_closed = steps.iter().any(|(_, step)| is_put_away(step));
        let by_agent = |step: &Step| matches!(step, Step::Agent(_) | Step::Note(_));
        let taken = steps.iter().find(|(_, step)| by_agent(step)).map(|(after, _)| after - MINUTE);
        for (after, step) in steps {
            // Nobody writes at the same second of every minute.
            let seconds = if after == 0 { 0 } else { random.random_range(0..50_000) };
            events.push((opened + after + seconds, Event::Step { scene, step }));
        }
        events.push((opened + MINUTE, Event::Sort { scene }));
        if let Some(taken) = taken.filter(|_| conversation.agent.is_some()) {
            events.push((opened + taken.max(2 * MINUTE), Event::Take { scene }));
        }
        if !is_closed && conversation.agent.is_some() && random.random_range(0..100) < 60 {
            let quiet = random.random_range(20..60) * 60 * MINUTE;
            events.push((opened + last + quiet, Event::Close { scene }));
        }
        Ok(())
    }

    async fn happen(
        &self,
        story: &[Conversation],
        scenes: &mut [Scene],
        event: Event,
        at: Millis,
    ) -> Result<()> {
        let number = match &event {
            Event::Step { scene, .. }
            | Event::Sort { scene }
            | Event::Take { scene }
            | Event::Close { scene } => *scene,
            Event::Errand(errand) => return self.run_errand(errand).await,
            Event::Bulk(_) => return Ok(()),
        };
        let scene = &mut scenes[number];
        let conversation = &story[scene.conversation];
        let step = match event {
            Event::Step { step, .. } => step,
            Event::Sort { .. } => {
                let sorted = json!({"processingTeam": self.teams.get(conversation.team.as_str()),
                    "priority": conversation.priority, "tags": conversation.tags});
                return self.change(scene, "rosemary", &sorted).await;
            }
            Event::Take { .. } => {
                let agent = conversation.agent.as_deref().unwrap_or_default();
                return self.change(scene, agent, &json!({"processingUser": self.agents.get(agent)})).await;
            }
            _ => Step::Status("DONE".to_owned()),
        };
        if scene.open.is_none() {
            scene.open = Some(self.open(conversation, scene.contact, number, &step, at).await?);
            return Ok(());
        }
        self.go_on(conversation, scene, number, step).await
    }

    async fn run_errand(&self, errand: &Errand) -> Result<()> {
        let (mut path, mut body) = (errand.path.to_owned(), errand.body.clone());
        if let Some(number) = errand.about {
            let id = self.contact_doc(number).await?.id.to_string();
            path = path.replace("{contact}", &id);
            if body["associatedEntity"].is_string() {
                body["associatedEntity"] = json!(id);
            }
        }
        self.client.call(self.voice(errand.by)?, errand.method.clone(), &path, &body).await.map(drop)
    }

    /// Leaves half-written answers in conversations that go on.
    async fn drafts(&self, story: &[Conversation], scenes: &[Scene]) -> Result<()> {
        let mut drafts = DRAFTS.to_vec();
        for scene in scenes {
            let Some(open) = &scene.open else { continue };
            let id = open.ticket;
            let ticket = self.app.store.read(&self.operator, move |tx| tx.get(&TICKET, id)).await?;
            let agent = story[scene.conversation].agent.as_deref();
            let is_open = ticket.text("status") != Some("DONE") && !ticket.is_true("snoozed");
            let Some(place) = drafts.iter().position(|(by, _)| is_open && Some(*by) == agent) else {
                continue;
            };
            let (by, text) = drafts.remove(place);
            let text = text.replace("{first}", first_name(scene.contact));
            let draft = json!({"comment": Document::from_markdown(&text).to_json()});
            let path = format!("/v3/tickets/{id}/draft");
            self.client.call(self.voice(by)?, Method::PUT, &path, &draft).await?;
        }
        Ok(())
    }

    /// A contact begins a conversation.
    async fn open(
        &self,
        of: &Conversation,
        contact: usize,
        number: usize,
        step: &Step,
        at: Millis,
    ) -> Result<Opened> {
        let who = self.contact(contact).await?;
        let device =
            json!({"lang": of.lang.as_deref().unwrap_or("en"), "deviceType": "desktop", "platform": "web"});
        self.client.call(&who, Method::POST, "/sessions", &device).await?;
        let answer = match step {
            Step::Report(text) => {
                let report = self.report(of, contact, number, text, at)?;
                let reported = self.client.call(&who, Method::POST, "/bugs/v2", &report).await?;
                json!({ "conversation": reported })
            }
            Step::Contact(text) | Step::Attach(text) => {
                let attachments = self.attachments(&who, step).await?;
                let opening = json!({"id": format!("scene-{number}-0"), "title": of.title, "type": of.ticket_type,
                    "comment": text, "attachments": attachments});
                self.client.call(&who, Method::POST, "/conversations", &opening).await?
            }
            other => return Err(Error::internal(format!("a conversation that begins with {other:?}"))),
        };
        let token = answer["conversation"]["shareToken"].as_str().unwrap_or_default().to_owned();
        let share_token = token.clone();
        let find = move |tx: &ReadTx<'_>| tx.find_by(&TICKET, "shareToken", &token);
        let ticket: Option<Doc> = self.app.store.read(&self.operator, find).await?;
        let ticket = ticket.ok_or_else(|| Error::internal("a conversation without a ticket"))?.id;
        Ok(Opened { who, ticket, share_token })
    }

    fn report(
        &self,
        of: &Conversation,
        contact: usize,
        number: usize,
        text: &str,
        at: Millis,
    ) -> Result<Json> {
        let capture =
            of.capture.as_ref().ok_or_else(|| Error::internal("a report without anything captured"))?;
        let place = number as u64;
        Ok(json!({
            "type": of.ticket_type, "priority": "MEDIUM", "isSilent": of.ticket_type == "CRASH",
            "formData": {"description": text}, "customData": {"plan": "Kitchen garden", "beds": 12},
            "metaData": capture::meta(capture, contact, of.lang.as_deref().unwrap_or("en")),
            "screenshotData": capture::snapshot(capture, place), "webReplay": capture::replay(capture, place, at),
            "consoleLog": capture::console(capture, at), "networkLogs": capture::network(capture, at),
            "customEventLog": capture::events(capture, at), "tags": of.tags,
        }))
    }

    /// The files that come with what a contact writes.
    async fn attachments(&self, who: &Who, step: &Step) -> Result<Json> {
        if !matches!(step, Step::Attach(_)) {
            return Ok(json!([]));
        }
        let url = self.client.upload(who, "courgette-leaf.png", "image/png", &picture::leaf()?).await?;
        Ok(json!([{"name": "courgette-leaf.png", "url": url, "type": "image/png"}]))
    }

    /// A contact with what its device would keep.
    async fn contact(&self, number: usize) -> Result<Who> {
        let contact = self.contact_doc(number).await?;
        let text = |name: &str| contact.text(name).unwrap_or_default().to_owned();
        Ok(Who::Contact { gleap_id: text("gleapId"), gleap_hash: text("gleapHash") })
    }

    async fn contact_doc(&self, number: usize) -> Result<Doc> {
        let find = move |tx: &ReadTx<'_>| contacts::find_by_user_id(tx, &user_id(number));
        let contact = self.app.store.read(&self.operator, find).await?;
        contact.ok_or_else(|| Error::not_found("contact", user_id(number)))
    }

    async fn go_on(&self, of: &Conversation, scene: &Scene, number: usize, step: Step) -> Result<()> {
        let Some(open) = &scene.open else { return Ok(()) };
        let agent = of.agent.as_deref().unwrap_or("rosemary");
        let conversation = format!("/conversations/{}", open.share_token);
        let greeted = |text: &str| {
            let text = text.replace("{first}", first_name(scene.contact));
            Document::from_markdown(&text).to_json()
        };
        match step {
            Step::Contact(_) | Step::Attach(_) | Step::Report(_) => {
                let (Step::Contact(text) | Step::Attach(text) | Step::Report(text)) = &step else {
                    return Ok(());
                };
                let attachments = self.attachments(&open.who, &step).await?;
                let id = format!("scene-{number}-{}", text.len());
                let message = json!({"id": id, "comment": text, "attachments": attachments});
                self.client
                    .call(&open.who, Method::POST, &format!("{conversation}/messages"), &message)
                    .await?;
            }
            Step::Agent(text) => {
                let answer = json!({"ticket": open.ticket, "comment": greeted(&text)});
                self.client.call(self.voice(agent)?, Method::POST, "/v3/messages", &answer).await?;
                self.client
                    .call(&open.who, Method::POST, &format!("{conversation}/read"), &json!({}))
                    .await?;
            }
            Step::Note(text) => {
                let note = json!({"ticket": open.ticket, "comment": greeted(&text), "isNote": true});
                self.client.call(self.voice(agent)?, Method::POST, "/v3/messages", &note).await?;
            }
            Step::Status(status) => self.change(scene, agent, &json!({"status": status})).await?,
            Step::Priority(priority) => self.change(scene, agent, &json!({"priority": priority})).await?,
            Step::Team(team) => {
                let team = json!({"processingTeam": self.teams.get(team.as_str())});
                self.change(scene, agent, &team).await?;
            }
            Step::Snooze(hours) => {
                let path = format!("/v3/tickets/{}/snooze", open.ticket);
                self.client.call(self.voice(agent)?, Method::PUT, &path, &json!({"duration": hours})).await?;
            }
            Step::Rate(stars) => {
                let rating = json!({ "rating": stars });
                self.client.call(&open.who, Method::POST, &format!("{conversation}/rating"), &rating).await?;
            }
        }
        Ok(())
    }

    async fn change(&self, scene: &Scene, agent: &str, changes: &Json) -> Result<()> {
        let Some(open) = &scene.open else { return Ok(()) };
        let path = format!("/v3/tickets/{}", open.ticket);
        self.client.call(self.voice(agent)?, Method::PUT, &path, changes).await.map(drop)
    }

    fn voice(&self, agent: &str) -> Result<&Who> {
        self.voices.get(agent).ok_or_else(|| Error::internal(format!("the story has no agent {agent}")))
    }
}
