//! What the tests of the HTTP client share.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use hark_deliver::egress::{Egress, EgressPolicy, Resolver};

/// A policy in which 127.0.0.1 stands for the public internet and everything else on
/// loopback for the network behind the guard.
pub(crate) fn policy() -> EgressPolicy {
    EgressPolicy {
        allow_private: vec!["127.0.0.1/32".parse().expect("a network")],
        timeout_ms: 20_000,
        ..EgressPolicy::default()
    }
}

/// A client with the system's resolver.
pub(crate) fn egress(policy: EgressPolicy) -> Egress {
    Egress::new(policy).expect("a client")
}

/// A name server in the hands of an attacker: each name has a list of answers, given in
/// order, the last one for ever.
#[derive(Default)]
pub(crate) struct HostileResolver {
    answers: HashMap<&'static str, Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl HostileResolver {
    pub(crate) fn new(names: &[(&'static str, &[&[&str]])]) -> Arc<Self> {
        let read = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().expect("an IP")).collect();
        let answers =
            names.iter().map(|(name, answers)| (*name, answers.iter().map(read).collect())).collect();
        Arc::new(Self { answers, asked: Mutex::default() })
    }

    /// Every name that was asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

impl Resolver for HostileResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let mut asked = self.asked.lock().expect("no panic");
        let earlier = asked.iter().filter(|known| *known == host).count();
        asked.push(host.to_owned());
        let answer = self.answers.get(host).map(|answers| {
            let index = earlier.min(answers.len() - 1);
            answers[index].clone()
        });
        Box::pin(async move { answer.ok_or_else(|| io::Error::other("no such name")) })
    }
}
