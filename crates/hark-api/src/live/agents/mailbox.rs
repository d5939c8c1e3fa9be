//! What other tasks tell a socket's task. It never makes them wait, and it has a limit.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::extract::ws::Utf8Bytes;
use hark_store::Scope;
use tokio::sync::mpsc;

/// Frames that wait for a socket at most; one that is further behind is cut, and comes back.
const FRAMES_MAX: usize = 64;

/// Why the server ends a connection, as the protocol's clients understand it: they stay away after
/// 4000 to 4099, wait a little after 4100 to 4199, and come back at once after 4200 to 4299.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Farewell {
    pub(super) code: u16,
    pub(super) message: &'static str,
}

impl Farewell {
    pub(super) const NO_SUCH_KEY: Farewell =
        Farewell { code: 4001, message: "no project has this key, the key is the project's sdk key" };
    pub(super) const TOO_MANY_OF_USER: Farewell =
        Farewell { code: 4004, message: "this user has too many sockets open" };
    pub(super) const OTHER_PROTOCOL: Farewell = Farewell {
        code: 4007,
        message: "this server speaks version 7 of the protocol, older clients from 5",
    };
    pub(super) const NOT_AUTHORISED: Farewell =
        Farewell { code: 4009, message: "the token has ended, or may not enter the project any more" };
    pub(super) const NEVER_AUTHORISED: Farewell =
        Farewell { code: 4009, message: "nobody signed in or followed a channel in time" };
    pub(super) const TOO_FAST: Farewell =
        Farewell { code: 4100, message: "this client sends too many frames" };
    pub(super) const TOO_SLOW: Farewell = Farewell {
        code: 4101,
        message: "this client does not read what it is sent, connect again and resume",
    };
    pub(super) const FAULT: Farewell =
        Farewell { code: 4102, message: "the server could not read what is new, connect again and resume" };
    pub(super) const STOPPING: Farewell = Farewell { code: 4200, message: "this server is about to stop" };
    pub(super) const SILENT: Farewell = Farewell { code: 4201, message: "nothing came from this client" };
}

/// The way to a socket's task.
pub(super) struct Mailbox {
    frames: mpsc::Sender<Option<Utf8Bytes>>,
    woken: AtomicBool,
    orders: Mutex<Orders>,
}

/// What the task is to do beside sending what waits.
#[derive(Default)]
pub(super) struct Orders {
    /// End the connection.
    pub(super) end: Option<Farewell>,
    /// Go on with these rights.
    pub(super) rights: Option<Scope>,
}

impl Mailbox {
    /// A mailbox and the end at which its task reads. `None` there means that there is news elsewhere.
    pub(super) fn new() -> (Mailbox, mpsc::Receiver<Option<Utf8Bytes>>) {
        let (frames, receiver) = mpsc::channel(FRAMES_MAX);
        (Mailbox { frames, woken: AtomicBool::new(false), orders: Mutex::default() }, receiver)
    }

    /// Makes the task look at the streams that it follows, and for orders.
    pub(super) fn wake(&self) {
        if !self.woken.swap(true, Ordering::SeqCst) {
            // With a full queue the task is awake anyway, and looks when it has taken a frame.
            let _ = self.frames.try_send(None);
        }
    }

    /// Whether somebody woke the task since it last asked.
    pub(super) fn was_woken(&self) -> bool {
        self.woken.swap(false, Ordering::SeqCst)
    }

    /// Sends a frame; a socket whose queue is full is cut.
    pub(super) fn send(&self, frame: Utf8Bytes) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.frames.try_send(Some(frame)) {
            self.end(Farewell::TOO_SLOW);
        }
    }

    /// Ends the connection; the first reason counts.
    pub(super) fn end(&self, farewell: Farewell) {
        self.orders().end.get_or_insert(farewell);
        self.wake();
    }

    /// Gives the task the rights that it goes on with.
    pub(super) fn set_rights(&self, scope: Scope) {
        self.orders().rights = Some(scope);
        self.wake();
    }

    /// Takes the orders.
    pub(super) fn take_orders(&self) -> Orders {
        std::mem::take(&mut *self.orders())
    }

    fn orders(&self) -> std::sync::MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
