//! How many sockets there are, in all and by whom, so that nobody takes the places of all.

use std::collections::HashMap;
use std::hash::Hash;

use hark_store::{Error, Id, Result};
use ipnet::IpNet;

/// How many sockets of SDKs and agents one network and one contact may have on a server.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// Sockets of each face from one network; whole offices and mobile carriers share one.
    pub network: usize,
    /// Sockets of one contact.
    pub contact: usize,
}

impl Default for SocketLimits {
    fn default() -> SocketLimits {
        SocketLimits { network: 2_000, contact: 20 }
    }
}

/// The open sockets, counted.
pub(super) struct Crowd {
    /// Sockets of this process at most. One project may have half of them, so that there is always
    /// room for the others.
    max: usize,
    /// Sockets of one network at most.
    network_max: usize,
    all: usize,
    projects: HashMap<Id, usize>,
    networks: HashMap<IpNet, usize>,
}

impl Crowd {
    /// Nobody, of so many at most, and so many from one network.
    pub(super) fn of(max: usize, network_max: usize) -> Crowd {
        Crowd { max, network_max, all: 0, projects: HashMap::new(), networks: HashMap::new() }
    }

    /// Sockets of this process.
    pub(super) fn len(&self) -> usize {
        self.all
    }

    /// Counts one more.
    ///
    /// # Errors
    /// [`Error::TooMany`] when the process, the project or the network has too many.
    pub(super) fn enter(&mut self, project: Id, network: IpNet) -> Result<()> {
        let of = |count: Option<&usize>| count.copied().unwrap_or_default();
        if self.all >= self.max {
            return Err(too_many("too many sockets are open on this server"));
        }
        if of(self.projects.get(&project)) >= self.max / 2 {
            return Err(too_many("this project has too many sockets open"));
        }
        if of(self.networks.get(&network)) >= self.network_max {
            return Err(too_many("too many sockets are open from this address"));
        }
        self.all += 1;
        *self.projects.entry(project).or_default() += 1;
        *self.networks.entry(network).or_default() += 1;
        Ok(())
    }

    /// Counts one less, which entered before.
    pub(super) fn leave(&mut self, project: Id, network: IpNet) {
        self.all = self.all.saturating_sub(1);
        one_less(&mut self.projects, project);
        one_less(&mut self.networks, network);
    }
}

/// Counts one less of a key, and forgets keys of which there is none.
pub(super) fn one_less<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: K) {
    let Some(count) = counts.get_mut(&key) else { return };
    *count = count.saturating_sub(1);
    if *count == 0 {
        counts.remove(&key);
    }
}

/// A refusal of a socket, which SDKs repeat.
pub(super) fn too_many(message: &str) -> Error {
    Error::TooMany { message: message.to_owned(), retry_after_s: 5 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOCKETS_MAX: usize = 20_000;
    const NETWORK_SOCKETS_MAX: usize = 2_000;
    const PROJECT_SOCKETS_MAX: usize = SOCKETS_MAX / 2;

    fn network(n: usize) -> IpNet {
        IpNet::from(std::net::IpAddr::from((n as u128).to_be_bytes()))
    }

    fn project(n: usize) -> Id {
        Id::parse(&format!("{n:024x}")).expect("an id")
    }

    fn refusal(crowd: &mut Crowd, project: Id, n: usize) -> String {
        crowd.enter(project, network(n)).expect_err("a refusal").to_string()
    }

    #[test]
    fn neither_a_network_nor_a_project_takes_all_places() {
        let [first, second, third] = [1, 2, 3].map(project);
        let mut crowd = Crowd::of(SOCKETS_MAX, NETWORK_SOCKETS_MAX);
        for _ in 0..NETWORK_SOCKETS_MAX {
            crowd.enter(first, network(0)).expect("a place");
        }
        assert_eq!(refusal(&mut crowd, second, 0), "too many sockets are open from this address");
        crowd.leave(first, network(0));
        crowd.enter(second, network(0)).expect("the place that became free");

        for n in 0..=PROJECT_SOCKETS_MAX - NETWORK_SOCKETS_MAX {
            crowd.enter(first, network(n + 1)).expect("a place");
        }
        assert_eq!(refusal(&mut crowd, first, 1), "this project has too many sockets open");
        for n in 1..PROJECT_SOCKETS_MAX {
            crowd.enter(second, network(n)).expect("a place");
        }
        assert_eq!(refusal(&mut crowd, third, 1), "too many sockets are open on this server");
    }

    #[test]
    fn who_left_is_forgotten() {
        let project = project(1);
        let mut crowd = Crowd::of(SOCKETS_MAX, NETWORK_SOCKETS_MAX);
        crowd.enter(project, network(1)).expect("a place");
        crowd.leave(project, network(1));
        assert_eq!((crowd.len(), crowd.projects.len(), crowd.networks.len()), (0, 0, 0));
    }
}
